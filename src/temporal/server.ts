import { open, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode, errorMessage } from '../domain/error-code.js';
import { keepRunning } from '../process/keep-running.js';
import { startSupervised, type SupervisedProcess } from '../process/supervise.js';
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
  const keeper = keepRunning(first, launch, {
    onEnd({ signal: by, exitCode }) {
      const how = by ?? `exit code ${exitCode ?? 'unknown'}`;
      options.say(`The Temporal server ended (${how}) and is started again; its log: ${logPath}`);
    },
    onFailure(error) {
      options.say(`The Temporal server could not be started, which is tried again: ${errorMessage(error)}`);
    },
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

async function readPort(path: string): Promise<number | null> {
  const port = Number(await readFile(path, 'utf8').catch(() => 'none'));
  return Number.isInteger(port) && port > 0 && port < 65_536 ? port : null;
}
