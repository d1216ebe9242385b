import type { Context } from '@temporalio/activity';
import { DefaultLogger, Runtime, Worker, type LogEntry, type NativeConnection } from '@temporalio/worker';
import { createActivities, type ActivityDeps } from './activities/index.js';
import type { LogLevel } from './config.js';
import { errorMessage } from './domain/error-code.js';
import { builtFile } from './paths.js';
import { activityMeter, type ActivityMeter } from './temporal/activity-metrics.js';
import { connectWorker } from './temporal/connection.js';
import type { Queues } from './temporal/queues.js';
import type { TemporalTarget } from './temporal/target.js';

/** What workers run with. */
export interface WorkerSettings {
  target: TemporalTarget;
  queues: Queues;
  /** Whether what needs a service's configuration is worked on too. */
  forService: boolean;
  /** Is told of the activities; `null`: nobody asks. */
  meter: ActivityMeter | null;
  deps: ActivityDeps;
  /** Segments worked on at once; one for each core, since each is one decoder. */
  slots: number;
  logLevel: LogLevel;
  /** Takes what is logged, a JSON object each time. */
  log: (line: string) => void;
  signal: AbortSignal;
}

/** The workers of one process. */
export interface Workers {
  /**
   * Ends in grace: activities write their checkpoint and give up their attempt, then the connection is closed. Safe to call twice, and after a worker
   * failed, which is no failure of this.
   */
  stop(): Promise<void>;
  /** Settles when all workers have ended; rejects with {@link WorkersFailedError} as soon as one failed for good, while others may go on. */
  ended: Promise<void>;
}

/** Reason of a process that cannot work any more: one of its workers failed for good, as when its polls are refused or its thread crashed. */
export class WorkersFailedError extends Error {
  override name = 'WorkersFailedError' as const;

  /** What it failed with. No `cause`: what the service answers to workers is no answer to a call of whoever is told this. */
  readonly reason: unknown;

  constructor(reason: unknown) {
    super(
      `A worker of this process failed for good (${errorMessage(reason)}): open tasks stay open, and go on once a command or a service runs here again.`,
    );
    this.reason = reason;
  }
}

// A checkpoint is only worth what was sent of it: at most a quarter of a second of samples repeats after a crash.
const HEARTBEAT_THROTTLE = '250ms';
// What does not end within this after being cancelled is given up; ffmpeg is killed within 2 s.
const FORCE_AFTER = '10s';

// Receivers that never answer hold a slot for the whole time-out of an attempt: they must not keep the others from theirs.
const DELIVERIES_AT_ONCE = 100;

/**
 * Serves both queues of an installation, from this process.
 * @throws {TemporalUnreachableError}
 */
export async function startWorkers({
  target,
  queues,
  forService,
  meter,
  deps,
  slots,
  logLevel,
  log,
  signal,
}: WorkerSettings): Promise<Workers> {
  installRuntime(logLevel, log);
  const connection = await connectWorker(target, signal);
  const activities = createActivities(deps);
  const interceptors =
    meter === null ? {} : { activity: [(context: Context) => ({ inbound: activityMeter(meter, context) })] };
  const common = { connection, namespace: target.namespace, shutdownForceTime: FORCE_AFTER, interceptors } as const;
  const creating = [
    Worker.create({
      ...common,
      taskQueue: queues.moderation,
      workflowBundle: { codePath: builtFile('workflow-bundle.js') },
      activities: activities.records,
    }),
    ...[queues.media, ...(forService ? [queues.sources] : [])].map((taskQueue) =>
      Worker.create({
        ...common,
        taskQueue,
        activities: activities.media,
        maxConcurrentActivityTaskExecutions: slots,
        maxHeartbeatThrottleInterval: HEARTBEAT_THROTTLE,
        defaultHeartbeatThrottleInterval: HEARTBEAT_THROTTLE,
      }),
    ),
    ...(activities.deliveries === null
      ? []
      : [
          Worker.create({
            ...common,
            taskQueue: queues.notifications,
            activities: activities.deliveries,
            maxConcurrentActivityTaskExecutions: DELIVERIES_AT_ONCE,
          }),
        ]),
  ];
  const created = await Promise.allSettled(creating);
  const workers = runWorkers(
    created.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : [])),
    connection,
  );
  const failed = created.find((each) => each.status === 'rejected');
  if (failed === undefined) return workers;
  // One that was made holds the connection until it has run and ended.
  await workers.stop();
  throw failed.reason;
}

/** Runs workers that were created on a connection, which is closed with them. */
export function runWorkers(workers: readonly Worker[], connection: NativeConnection): Workers {
  const runs = workers.map((worker) => worker.run());
  const ended = Promise.all(runs).then(
    () => undefined,
    (cause: unknown) => {
      throw new WorkersFailedError(cause);
    },
  );
  // Whoever waits for `ended` is told; nobody has to.
  ended.catch(() => undefined);
  let stopped: Promise<void> | undefined;
  async function stop(): Promise<void> {
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
    // Each of them, whatever became of the others: it holds the connection for as long as it runs.
    await Promise.allSettled(runs);
    await connection.close();
  }
  return { ended, stop: () => (stopped ??= stop()) };
}

/** Once a process: signals are ours to handle, and the SDK speaks only of trouble. */
let installed = false;
let logLines: WorkerSettings['log'] = () => undefined;
function installRuntime(logLevel: LogLevel, log: WorkerSettings['log']): void {
  logLines = log;
  if (installed) return;
  installed = true;
  const level = SDK_LEVELS[logLevel];
  Runtime.install({
    shutdownSignals: [],
    logger: new DefaultLogger(level, (entry) => {
      if (logLevel === 'silent' || entry.message === ACTIVITIES_ONLY) return;
      logLines(JSON.stringify(logLine(entry)));
    }),
    telemetryOptions: { logging: { filter: { core: level, other: level }, forward: {} } },
  });
}

const SDK_LEVELS = {
  silent: 'ERROR',
  error: 'ERROR',
  warn: 'WARN',
  info: 'INFO',
  debug: 'DEBUG',
  trace: 'TRACE',
} as const satisfies Record<LogLevel, string>;

/** A warning of the SDK about what is so on purpose: most queues serve activities only. */
const ACTIVITIES_ONLY = 'No workflows registered, not polling for workflow tasks';

/** What helps to find the cause; the SDK adds whole tasks with their input, which may be long and nobody's business. */
function logLine({ level, message, meta }: LogEntry): Record<string, unknown> {
  const { workflowId, activityType, attempt, error } = (meta ?? {}) as Record<string, unknown>;
  return {
    time: new Date().toISOString(),
    level,
    message,
    workflowId,
    activityType,
    attempt,
    error: error === undefined ? undefined : errorMessage(error),
  };
}
