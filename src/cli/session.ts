import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import type { Config } from '../config.js';
import { createWorkerDeps, openStores, type Stores, type WorkerDeps } from '../deps.js';
import { becomeOwnerOrAttach, type Attached, type Owner } from '../owner/owner.js';
import { watchOwner } from '../owner/watch.js';
import { provideFfmpeg } from '../setup/provide-ffmpeg.js';
import type { Say } from '../setup/say.js';
import type { SourceReader } from '../sources/source.js';
import { openBoundedLog } from '../temporal/bounded-log.js';
import { connectClient } from '../temporal/connection.js';
import { queuesOf, type Queues } from '../temporal/queues.js';
import type { TaskClient } from '../temporal/tasks.js';
import { startWorkers, type Workers } from '../worker.js';

/** What a command needs to work with tasks, whether this process owns the data directory or another one does. */
export interface Session extends Stores {
  queues: Queues;
  /** The client as of now; it is another one after the owner changed. Throws why this process could not take over, when it could not. */
  tasks(): TaskClient;
  role(): 'owner' | 'attached';
  /** Makes an entry in the log of the data directory, which its owner keeps; elsewhere it is dropped. */
  log(message: string, fields?: Record<string, unknown>): void;
  /** Lets go of everything in grace; as owner it ends workers and server first. */
  close(): Promise<void>;
}

/** One stay in a role: what was opened for it, and how it ends. */
interface Stay {
  role: 'owner' | 'attached';
  client: Client;
  installation: string;
  log(line: string): void;
  leave(): Promise<void>;
}

const LOG_LIMIT_BYTES = 2 * 1024 * 1024;

/** What a service asks for beyond what commands need. */
export interface ServiceSession {
  /** Sources that the operator's configuration reads. */
  sources: SourceReader;
}

/** Thrown when a service is started on a data directory that another process works on. */
export class AlreadyOwnedError extends Error {
  override name = 'AlreadyOwnedError' as const;

  constructor(
    readonly dataDir: string,
    readonly ownerPid: number,
  ) {
    super(
      `Expected nobody to work on ${dataDir}, but process ${ownerPid} does: end it first, or choose another directory with --data.`,
    );
  }
}

/**
 * Becomes the owner of the data directory, with server and workers, or attaches to the owner there is. When that one goes, this process says so and
 * takes its place. A service is owner or nothing.
 * @throws {AlreadyOwnedError}
 */
export async function openSession(
  config: Config,
  say: Say,
  signal: AbortSignal,
  service: ServiceSession | null = null,
): Promise<Session> {
  const stores = await openStores(config.dataDir);
  const closing = new AbortController();
  const ending = AbortSignal.any([signal, closing.signal]);
  let stay = await enter();
  let moving: Promise<void> = Promise.resolve();
  let failure: Error | null = null;

  async function enter(): Promise<Stay> {
    const { dataDir, temporal, searchPath } = config;
    const place = await becomeOwnerOrAttach({ dataDir, temporal, searchPath, say, signal: ending });
    if (place.role === 'owner') return await own({ config, stores, say, signal: ending, service }, place);
    if (service !== null) throw new AlreadyOwnedError(dataDir, place.owner.pid);
    return await attach(place);
  }
  async function attach(place: Attached): Promise<Stay> {
    const client = await connectClient(place.target, ending);
    const watching = new AbortController();
    const until = AbortSignal.any([ending, watching.signal]);
    watchOwner(
      config.dataDir,
      place.owner,
      (how) => {
        moving = move(how).catch((error: unknown) => {
          failure = error instanceof Error ? error : new Error(String(error));
        });
      },
      until,
    );
    const leave = async (): Promise<void> => {
      watching.abort();
      await client.connection.close();
    };
    return { role: 'attached', client, installation: place.installation, log: () => undefined, leave };
  }
  async function move(how: 'died' | 'left'): Promise<void> {
    if (ending.aborted) return;
    say(
      `The process that ran the tasks (of the same data directory) has ${how === 'died' ? 'died' : 'ended'}: this one takes over.`,
    );
    await stay.leave();
    stay = await enter();
  }

  return {
    ...stores,
    queues: queuesOf(stay.installation),
    tasks() {
      if (failure !== null) throw failure;
      return { client: stay.client, installation: stay.installation, queues: queuesOf(stay.installation) };
    },
    role: () => stay.role,
    log(message, fields) {
      stay.log(JSON.stringify({ time: new Date().toISOString(), message, ...fields }));
    },
    async close() {
      closing.abort();
      await moving;
      await stay.leave();
      await stores.records.close();
    },
  };
}

interface Owning {
  config: Config;
  stores: Stores;
  say: Say;
  signal: AbortSignal;
  service: ServiceSession | null;
}

async function own({ config, stores, say, signal, service }: Owning, owner: Owner): Promise<Stay> {
  let deps: WorkerDeps | undefined;
  let workers: Workers | undefined;
  let client: Client | undefined;
  const file = openBoundedLog(join(config.dataDir, 'framewarden.log'), LOG_LIMIT_BYTES);
  const log = (line: string): void => {
    file.write(Buffer.from(`${line}\n`));
  };
  const leave = async (): Promise<void> => {
    await workers?.stop();
    await deps?.close();
    await client?.connection.close();
    await owner.release();
    file.close();
  };
  try {
    deps = await createWorkerDeps({ ...config, ...(await provideFfmpeg({ ...config, say })) }, stores, service ?? {});
    // Loading models takes a second of both cores: it goes on while the first video is probed.
    deps.warm().catch(() => undefined);
    const queues = queuesOf(owner.installation);
    const settings = {
      target: owner.target,
      queues,
      forService: service !== null,
      deps,
      slots: config.inferenceThreads,
      logLevel: config.logLevel,
      log,
      signal,
    };
    [workers, client] = await Promise.all([startWorkers(settings), connectClient(owner.target, signal)]);
    return { role: 'owner', client, installation: owner.installation, log, leave };
  } catch (error) {
    await leave();
    throw error;
  }
}
