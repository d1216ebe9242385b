import { Command, InvalidArgumentError, Option } from 'commander';
import { DEV_ACCOUNT_ID } from '../auth/new-access-key.js';
import { LOG_LEVELS, type ConfigFlags } from '../config.js';
import { packageVersion } from '../paths.js';
import { COVERAGES, ModerationOptions, SAMPLING_MODES } from '../schema/options.js';
import { NOTIFICATION_STATES } from '../schema/notification.js';
import { DEFAULT_SCENES, SCENES, type Scene } from '../schema/scene.js';
import { addAudit, type AuditCommands } from './audit-program.js';
import { addBanks, type BankCommands } from './bank-program.js';
import type { KeyOptions } from './key.js';
import type { ModerateSettings } from './moderate.js';
import type { NotificationListOptions } from './notifications.js';
import type { RedecideOptions } from './redecide.js';
import { addReview, type ReviewCommands } from './review-program.js';
import type { ServeOptions } from './serve.js';
import { UsageError } from './usage-error.js';
import { wholeNumber } from './whole-number.js';

/** What the command line can ask for. */
export interface Commands extends AuditCommands, BankCommands, ReviewCommands {
  moderate(files: string[], settings: ModerateSettings): Promise<void>;
  tasks(options: { json?: boolean; limit: number }): Promise<void>;
  show(id: string, options: { json?: boolean; explain?: boolean }): Promise<void>;
  cancel(id: string): Promise<void>;
  redecide(id: string, options: RedecideOptions): Promise<void>;
  worker(): Promise<void>;
  serve(options: ServeOptions): Promise<void>;
  configCheck(file: string): Promise<void>;
  keyCreate(options: KeyOptions): Promise<void>;
  keyList(options: { json?: boolean }): Promise<void>;
  keyDisable(id: string): Promise<void>;
  notificationList(options: NotificationListOptions): Promise<void>;
  notificationResend(ids: string[]): Promise<void>;
}

const EXIT_CODE_HELP = `
Exit codes: 0 pass (or done), 10 review, 20 block, 30 failed or cancelled (of several videos the worst), 2 wrong usage, 130 interrupted, 1 other errors.`;

/** The command line: what is said here is what --help prints. Errors in it are thrown, not printed. */
export function commandLine(commands: Commands): Command {
  const program = new Command('framewarden')
    .description('Moderates videos durably: pass, review or block, with the frames that justify it.')
    .option('--data <dir>', "data directory (default: the platform's, or $FRAMEWARDEN_DATA)")
    .option('--threads <n>', 'cores to use, 1-256 (default: all)')
    .option('--models <dir>', 'models of your own, see docs/own-models.md (default: $FRAMEWARDEN_MODELS)')
    .addOption(new Option('--log-level <level>', 'how much is logged').choices(LOG_LEVELS))
    .version(packageVersion(), '--version', 'print the version')
    .addHelpText('after', EXIT_CODE_HELP)
    .showHelpAfterError('(framewarden --help tells what there is)')
    .exitOverride();
  addModerate(program, commands);
  addTasks(program, commands);
  addReview(program, commands);
  addKeys(program, commands);
  addNotifications(program, commands);
  addBanks(program, commands);
  addAudit(program, commands);
  program
    .command('serve')
    .description('answer the moderation operations of IMM over HTTP and do their work, until interrupted')
    .option('--config <file>', "the operator's configuration")
    .option('--dev', 'without a configuration: project demo, bucket samples, one access key')
    .option(
      '--port <n>',
      'port to listen on, 0 for any that is free (default: that of the configuration, or 8686)',
      port,
    )
    .option('--json', 'one line on stdout when ready, for programs')
    .action((options: ServeOptions) => commands.serve(options));
  program
    .command('config')
    .description("look at an operator's configuration")
    .command('check')
    .description('name everything that is wrong with it, without starting anything')
    .argument('<file>', 'configuration in YAML')
    .action((file: string) => commands.configCheck(file));
  program
    .command('worker')
    .description('work for this installation at the Temporal cluster of $TEMPORAL_ADDRESS until interrupted')
    .action(() => commands.worker());
  return program;
}

/** The flags that configuration is read from. */
export function configFlags(program: Command): ConfigFlags {
  const { data, ...flags } = program.opts<{ data?: string; threads?: string; logLevel?: string; models?: string }>();
  return { dataDir: data, ...flags };
}

interface ModerateFlags extends Omit<ModerateSettings, 'options'>, ModerationOptions {}

function addModerate(program: Command, commands: Commands): void {
  program
    .command('moderate')
    .description('moderate videos; an unfinished run of the same request is gone on with')
    .argument('<file...>', 'videos, directories with videos, or patterns such as "clips/*.mkv"')
    .option('--scenes <list>', `of ${SCENES.join(',')}`, scenes, [...DEFAULT_SCENES])
    .option('--interval <s>', 'seconds between samples, 1-600', wholeNumber, 1)
    .option('--max-frames <n>', 'most samples of one video, 5-3600', wholeNumber, 200)
    .addOption(
      new Option('--coverage <part>', 'of a video with more samples than that').choices(COVERAGES).default('whole'),
    )
    .addOption(new Option('--sampling <mode>', 'what is decoded').choices(SAMPLING_MODES).default('fast'))
    .option('--policy <file>', 'thresholds and rules (default: policies/default.yaml)')
    .option('--fresh', 'start anew, whatever is unfinished')
    .option('--json', 'one GetImageModerationResult object a line on stdout')
    .option('--explain', 'what every detector said of every sample')
    .option('--frames <dir>', 'write the frames that justify the verdict, and a contact sheet')
    .option('--no-blur', 'do not blur them')
    .action((files: string[], { scenes, interval, maxFrames, coverage, sampling, ...rest }: ModerateFlags) => {
      const given = { scenes, interval, maxFrames, coverage, sampling };
      const options = ModerationOptions.safeParse(given);
      if (!options.success) throw new UsageError(complaint(options.error.issues, given));
      return commands.moderate(files, { ...rest, options: options.data });
    });
}

function addTasks(program: Command, commands: Commands): void {
  program
    .command('tasks')
    .description('list tasks, the newest first')
    .option('--limit <n>', 'how many', wholeNumber, 20)
    .option('--json', 'one object a line')
    .action((options: { json?: boolean; limit: number }) => commands.tasks(options));
  program
    .command('show')
    .description('show the result of a task')
    .argument('<id>', 'id of a task, or its beginning')
    .option('--json', 'as a GetImageModerationResult object')
    .option('--explain', 'what every detector said of every sample')
    .action((id: string, options: { json?: boolean; explain?: boolean }) => commands.show(id, options));
  program
    .command('cancel')
    .description('end a task that is under way or waits for a person')
    .argument('<id>', 'id of a task, or its beginning')
    .action((id: string) => commands.cancel(id));
  program
    .command('redecide')
    .description('decide a task again by another policy, without decoding or inference')
    .argument('<id>', 'id of a task, or its beginning')
    .option('--policy <file>', 'thresholds and rules (default: policies/default.yaml)')
    .option('--apply', 'record the verdict as the next revision; never over a person')
    .action((id: string, options: RedecideOptions) => commands.redecide(id, options));
}

function addKeys(program: Command, commands: Commands): void {
  const key = program.command('key').description('give out access keys for the API, and take them back');
  key
    .command('create')
    .description('make an access key and print it, with the secret, this once')
    .option('--user <name>', "user of the configuration that it is for (default: the account's owner)")
    .option('--account <id>', 'account of the configuration that it is for', DEV_ACCOUNT_ID)
    .option('--sts', 'make a security token beside, which requests then have to carry')
    .option('--json', 'as one object')
    .action((options: KeyOptions) => commands.keyCreate(options));
  key
    .command('list')
    .description('list access keys, without their secrets, the oldest first')
    .option('--json', 'one object a line')
    .action((options: { json?: boolean }) => commands.keyList(options));
  key
    .command('disable')
    .description('refuse an access key from now on')
    .argument('<id>', 'id of an access key')
    .action((id: string) => commands.keyDisable(id));
}

function addNotifications(program: Command, commands: Commands): void {
  const notifications = program.command('notifications').description('see what others are told of tasks');
  notifications
    .command('list')
    .description('list notifications, the newest first')
    .addOption(new Option('--state <state>', 'only those in this state').choices(NOTIFICATION_STATES))
    .option('--limit <n>', 'how many', wholeNumber, 20)
    .option('--json', 'one object a line')
    .action((options: NotificationListOptions) => commands.notificationList(options));
  notifications
    .command('resend')
    .description('send notifications once more, whatever became of them; those that wait are tried at once')
    .argument('<id...>', 'ids of notifications, or their beginnings')
    .action((ids: string[]) => commands.notificationResend(ids));
}

function port(text: string): number {
  const value = Number(text);
  if (!/^\d{1,5}$/.test(text) || value > 65_535)
    throw new InvalidArgumentError(`Expected a port from 0 to 65535, got ${text}.`);
  return value;
}

function scenes(list: string): Scene[] {
  const names = list.split(',').map((name) => name.trim());
  const unknown = names.filter((name) => !SCENES.some((scene) => scene === name));
  if (unknown.length > 0)
    throw new InvalidArgumentError(
      `Expected some of ${SCENES.join(', ')}, with commas between them, got ${JSON.stringify(list)}.`,
    );
  return SCENES.filter((scene) => names.includes(scene));
}

const FLAG: Record<string, string> = { interval: '--interval', maxFrames: '--max-frames' };
const RANGE: Record<string, string> = { interval: '1 to 600', maxFrames: '5 to 3600' };

function complaint(
  issues: readonly { path: PropertyKey[]; message: string }[],
  given: Readonly<Record<string, unknown>>,
): string {
  return issues
    .map(({ path: [key], message }) => {
      const name = String(key);
      const expected = RANGE[name] === undefined ? message : `expected ${RANGE[name]}, got ${String(given[name])}`;
      return `${FLAG[name] ?? name}: ${expected}.`;
    })
    .join(' ');
}
