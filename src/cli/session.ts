import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import type { Config } from '../config.js';
import { createDetectorSet, createWorkerDeps, openStores, type Stores, type WorkerDeps } from '../deps.js';
import { becomeOwnerOrAttach, type Attached, type Owner } from '../owner/owner.js';
import { watchOwner } from '../owner/watch.js';
import { provideFfmpeg } from '../setup/provide-ffmpeg.js';
import type { Say } from '../setup/say.js';
import type { Sender } from '../notify/sender.js';
import type { Scene } from '../schema/scene.js';
import type { SourceReader } from '../sources/source.js';
import type { ActivityMeter } from '../temporal/activity-metrics.js';
import { openBoundedLog, type BoundedLog } from '../temporal/bounded-log.js';
import { queuesOf, type Queues } from '../temporal/queues.js';
import type { TaskClient } from '../temporal/tasks.js';
import type { Workers } from '../worker.js';
import { everyStep } from './every-step.js';

/** What a command needs to work with tasks, whether this process owns the data directory or another one does. */
export interface Session extends Stores {
  queues: Queues;
  /** The client as of now; it is another one after the owner changed. Throws the reason of `failed`. */
  tasks(): TaskClient;
  role(): 'owner' | 'attached';
  /** Aborted, with the reason, once nothing more can come of the session: its workers failed for good, or it could not take over. Close it then. */
  failed: AbortSignal;
  /** Makes an entry in the log of the data directory, which its owner keeps; elsewhere it is dropped. */
  log(message: string, fields?: Record<string, unknown>): void;
  /** Lets go of everything in grace, whatever fails of it; as owner it ends workers and server first. */
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

/** What a session is opened for. */
export interface SessionPurpose {
  /** Scenes that videos will be looked at for soon: an owner gets ready for them while its server starts. Default: none; what open tasks need is loaded when its turn comes. */
  scenes?: readonly Scene[];
  /** Default: a command. */
  service?: ServiceSession;
}

/** What a service asks for beyond what commands need. */
export interface ServiceSession {
  /** Sources that the operator's configuration reads. */
  sources: SourceReader;
  /** Delivers to its topics. */
  sender: Sender;
  /** Is told of the activities. */
  meter: ActivityMeter;
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
  { scenes = [], service }: SessionPurpose = {},
): Promise<Session> {
  let opening: Promise<Stores> | undefined;
  const stores = (): Promise<Stores> => (opening ??= openStores(config));
  const closing = new AbortController();
  const ending = AbortSignal.any([signal, closing.signal]);
  const failing = new AbortController();
  const fail = (reason: unknown): void => {
    // Workers that do not end in time while all is being ended fail too: nobody has to be told.
    if (!ending.aborted) failing.abort(reason);
  };
  let stay = await enter();
  let moving: Promise<void> = Promise.resolve();

  async function enter(): Promise<Stay> {
    const { dataDir, temporal, searchPath } = config;
    const owning: Owning = { config, stores, say, signal: ending, scenes, service, fail };
    let preparing: Promise<WorkerDeps> | undefined;
    const meanwhile = (): void => {
      preparing = prepareDeps(owning);
      // Whoever waits for it is told.
      preparing.catch(() => undefined);
    };
    const asked = { dataDir, temporal, searchPath, say, signal: ending, meanwhile };
    const place = await becomeOwnerOrAttach(asked).catch(async (error: unknown) => {
      await (await preparing?.catch(() => undefined))?.close();
      throw error;
    });
    if (place.role === 'owner') return await own(owning, place, preparing ?? prepareDeps(owning));
    if (service !== undefined) throw new AlreadyOwnedError(dataDir, place.owner.pid);
    return await attach(place);
  }
  async function attach(place: Attached): Promise<Stay> {
    const { connectClient } = await import('../temporal/connection.js');
    const client = await connectClient(place.target, ending);
    const watching = new AbortController();
    const until = AbortSignal.any([ending, watching.signal]);
    watchOwner(
      config.dataDir,
      place.owner,
      (how) => {
        moving = move(how).catch(fail);
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

  const opened = await stores().catch(async (error: unknown) => {
    await stay.leave();
    throw error;
  });
  return {
    ...opened,
    queues: queuesOf(stay.installation),
    tasks() {
      failing.signal.throwIfAborted();
      return { client: stay.client, installation: stay.installation, queues: queuesOf(stay.installation) };
    },
    role: () => stay.role,
    failed: failing.signal,
    log(message, fields) {
      stay.log(JSON.stringify({ time: new Date().toISOString(), message, ...fields }));
    },
    async close() {
      closing.abort();
      await moving;
      await everyStep([() => stay.leave(), () => opened.records.close()]);
    },
  };
}

interface Owning {
  config: Config;
  /** Opens them the first time. */
  stores: () => Promise<Stores>;
  say: Say;
  signal: AbortSignal;
  scenes: readonly Scene[];
  service: ServiceSession | undefined;
  /** Is told why, when the workers failed for good. */
  fail: (reason: unknown) => void;
}

/** What an owner can do while its server starts, in the order in which it saves most time: models are loaded by threads of their own. */
async function prepareDeps({ config, stores, say, scenes, service }: Owning): Promise<WorkerDeps> {
  const detectors = await createDetectorSet(config, { read: async (bank) => (await stores()).banks.read(bank) });
  try {
    // One thread is what the first frame needs; two would take the core that the server starts on.
    detectors.warm(scenes, 1).catch(() => undefined);
    const ffmpeg = await provideFfmpeg({ ...config, say });
    const reach = service === undefined ? {} : { sources: service.sources, sender: service.sender };
    const deps = await createWorkerDeps({ ...config, ...ffmpeg }, await stores(), reach, detectors);
    await import('../worker.js');
    return deps;
  } catch (error) {
    await detectors.close();
    throw error;
  }
}

async function own(
  { config, signal, scenes, service, fail }: Owning,
  owner: Owner,
  preparing: Promise<WorkerDeps>,
): Promise<Stay> {
  let deps: WorkerDeps | undefined;
  let workers: Workers | undefined;
  let client: Client | undefined;
  let file: BoundedLog | undefined;
  const log = (line: string): void => {
    file?.write(Buffer.from(`${line}\n`));
  };
  const leave = (): Promise<void> =>
    everyStep([
      async () => workers?.stop(),
      async () => deps?.close(),
      async () => client?.connection.close(),
      () => owner.release(),
      () => file?.close(),
    ]);
  try {
    deps = await preparing;
    file = openBoundedLog(join(config.dataDir, 'framewarden.log'), LOG_LIMIT_BYTES);
    const [{ startWorkers }, { connectClient }] = await Promise.all([
      import('../worker.js'),
      import('../temporal/connection.js'),
    ]);
    const queues = queuesOf(owner.installation);
    const settings = {
      target: owner.target,
      queues,
      forService: service !== undefined,
      meter: service?.meter ?? null,
      deps,
      slots: config.inferenceThreads,
      logLevel: config.logLevel,
      log,
      signal,
    };
    const starting = startWorkers(settings).then((started) => (workers = started));
    const connecting = connectClient(owner.target, signal).then((connected) => (client = connected));
    // What came of one of them is let go of when the other one failed.
    await Promise.allSettled([starting, connecting]);
    const [running, connected] = await Promise.all([starting, connecting]);
    running.ended.catch(fail);
    // While the first video is probed a core is free for the others.
    deps.warm(scenes).catch(() => undefined);
    return { role: 'owner', client: connected, installation: owner.installation, log, leave };
  } catch (error) {
    await leave().catch(() => undefined);
    throw error;
  }
}
