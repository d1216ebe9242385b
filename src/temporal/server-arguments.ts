/** What a server needs to know at its start. */
export interface ServerPlace {
  port: number;
  /** File of its database; its directory must exist. */
  databasePath: string;
}

/** Server settings that differ from what `start-dev` brings, with the reason of each. */
const DYNAMIC_CONFIG = {
  // Polls of the one history shard are limited to 20 a second; with 2000 an idle workflow of three activities takes 48 ms instead of 350.
  'history.transferProcessorMaxPollRPS': 2000,
  'history.timerProcessorMaxPollRPS': 2000,
  'history.visibilityProcessorMaxPollRPS': 2000,
  // One node gains nothing from spreading a queue, and tasks wait less when every poller asks the same partition.
  'matching.numTaskqueueReadPartitions': 1,
  'matching.numTaskqueueWritePartitions': 1,
  // Without it server 1.29 takes no notice of priorities, and what was left behind would come first.
  'matching.useNewMatcher': true,
  // Without it one project's backlog would have to be through before another's first task.
  'matching.enableFairness': true,
  // It would ask its maker's server for news once an hour.
  'frontend.enableServerVersionCheck': false,
};

/** Arguments of `temporal` that start the embedded server. */
export function serverArguments({ port, databasePath }: ServerPlace): string[] {
  return [
    ...['server', 'start-dev', '--headless', '--ip', '127.0.0.1', '--port', String(port)],
    ...['--db-filename', databasePath, '--sqlite-pragma', 'journal_mode=wal', '--sqlite-pragma', 'synchronous=normal'],
    ...Object.entries(DYNAMIC_CONFIG).flatMap(([key, value]) => ['--dynamic-config-value', `${key}=${value}`]),
    ...['--log-level', 'error', '--log-format', 'text', '--color', 'never'],
  ];
}
