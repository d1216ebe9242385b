import { open, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { errorCode } from '../domain/error-code.js';
import { startSupervised, type ProcessEnd, type SupervisedProcess } from '../process/supervise.js';
import type { Say } from '../setup/say.js';
import { openBoundedLog } from './bounded-log.js';
import type { ServerBinary } from './find-server.js';
import { freePort } from './free-port.js';
import { serverArguments } from './server-arguments.js';
import { localTarget, type TemporalTarget } from './target.js';
import { waitForPort } from './wait-for-port.js';

/** The Temporal server of a data directory, kept running until it is stopped. */
export interface EmbeddedServer {
  target: TemporalTarget;
  /** Ends it; what it was told is on disk then. Safe to call twice. End those first who are at work with it. */
  stop(): Promise<void>;
}

/** What starting the server needs. */
export interface ServerOptions {
  /** Exists already; the server's database and log are kept in it. */
  dataDir: string;
  /** Directory where running children are recorded. */
  childrenDir: string;
  binary: ServerBinary;
  say: Say;
  signal: AbortSignal;
  /** Called once the program is started and has to be waited for. */
  onLaunch?: () => void;
}

/** Thrown when the embedded server ends instead of answering. */
export class ServerStartError extends Error {
  override name = 'ServerStartError' as const;

  constructor(
    readonly binary: ServerBinary,
    readonly logPath: string,
    /** The last lines that it printed. */
    readonly logTail: string,
  ) {
    super(
      `The embedded Temporal server (${binary.path}, server ${binary.serverVersion}) did not start. ` +
        `Mend what its log ${logPath} says at its end:\n${logTail}`,
    );
  }
}

const LOG_LIMIT_BYTES = 2 * 1024 * 1024;
const LOG_TAIL_CHARACTERS = 2000;

/** Waits before a server that ended is started again: at once, then less and less often. */
const RESTART_MS = [0, 500, 2000, 5000] as const;
/** A server that ran this long had started well: its end counts as the first. */
const STEADY_MS = 60_000;

/**
 * Starts the embedded server and returns once it listens. It takes the port that it had the last time when it can, so that those who were
 * connected find it again. While it is wanted it is started again whenever it ends.
 * @throws {ServerStartError} and the signal's reason.
 */
export async function startServer(options: ServerOptions): Promise<EmbeddedServer> {
  const { dataDir, signal } = options;
  const portFile = join(dataDir, 'temporal.port');
  const port = await freePort(await readPort(portFile));
  const databasePath = join(dataDir, 'temporal.db');
  const logPath = join(dataDir, 'temporal.log');
  const log = openBoundedLog(logPath, LOG_LIMIT_BYTES);
  let tail = '';
  const launch = (): SupervisedProcess => {
    const args = serverArguments({ port, databasePath });
    const server = startSupervised(options.binary.path, args, { childrenDir: options.childrenDir });
    for (const stream of [server.child.stdout, server.child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        log.write(chunk);
        tail = (tail + chunk.toString()).slice(-LOG_TAIL_CHARACTERS);
      });
    }
    return server;
  };

  const first = launch();
  options.onLaunch?.();
  const ended = new AbortController();
  void first.ended.then(() => {
    ended.abort(new ServerStartError(options.binary, logPath, tail.trim()));
  });
  try {
    await waitForPort(port, AbortSignal.any([signal, ended.signal]));
    await writeFile(portFile, String(port));
  } catch (error) {
    await first.stop(0);
    log.close();
    throw error;
  }
  const keeper = keepRunning(first, launch, (end) => {
    const how = end.signal ?? `exit code ${end.exitCode ?? 'unknown'}`;
    options.say(`The Temporal server ended (${how}) and is started again; its log: ${logPath}`);
  });
  return {
    target: localTarget(`127.0.0.1:${port}`, 'default'),
    async stop() {
      await keeper.stop();
      log.close();
      await syncDatabase(databasePath);
    },
  };
}

/** Starts a process again whenever it ends, until it is stopped. */
function keepRunning(
  first: SupervisedProcess,
  launch: () => SupervisedProcess,
  onEnd: (end: ProcessEnd) => void,
): { stop(): Promise<void> } {
  const unwanted = new AbortController();
  let current = first;
  const running = (async () => {
    for (let failures = 0; ; failures += 1) {
      const startedAt = performance.now();
      const end = await current.ended;
      if (unwanted.signal.aborted) return;
      if (performance.now() - startedAt > STEADY_MS) failures = 0;
      onEnd(end);
      const waitMs = RESTART_MS[Math.min(failures, RESTART_MS.length - 1)];
      await sleep(waitMs, undefined, { signal: unwanted.signal }).catch(() => null);
      if (isAborted(unwanted.signal)) return;
      current = launch();
    }
  })();
  return {
    async stop() {
      unwanted.abort();
      // Asked to end it would first wait a second for callers, and there are none any more. Its database takes a kill at any moment.
      await current.stop(0);
      await running;
    },
  };
}

/** Whatever was committed survives a loss of power from now on, as if the server had closed its database. */
async function syncDatabase(path: string): Promise<void> {
  for (const name of [path, `${path}-wal`]) {
    try {
      const file = await open(name, 'r+');
      await file.sync().finally(() => file.close());
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') throw error;
    }
  }
}

/** Asked anew after every wait; the compiler would take the answer before it for lasting. */
const isAborted = (signal: AbortSignal): boolean => signal.aborted;

async function readPort(path: string): Promise<number | null> {
  const port = Number(await readFile(path, 'utf8').catch(() => 'none'));
  return Number.isInteger(port) && port > 0 && port < 65_536 ? port : null;
}
