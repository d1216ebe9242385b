import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { RETENTION_MS } from '../domain/retention.js';
import { reapLeftovers } from '../process/children.js';
import { processStartTime } from '../process/start-time.js';
import { provideServer } from '../setup/provide-server.js';
import type { Say } from '../setup/say.js';
import { throughOutages } from '../temporal/outages.js';
import { startServer, type EmbeddedServer } from '../temporal/server.js';
import { localTarget, type TemporalTarget } from '../temporal/target.js';
import { installationId } from './installation.js';
import { tryLock, type OwnerLock } from './lock.js';
import { readOwner, removeOwner, writeOwner, type OwnerInfo } from './owner-file.js';
import { isAlive } from './watch.js';

/** What a command needs to own a data directory or attach to its owner. */
export interface OwnerOptions {
  dataDir: string;
  /** The cluster asked for; `null`: the embedded server. */
  temporal: TemporalTarget | null;
  /** Directories of PATH, where a Temporal server is looked for. */
  searchPath: string[];
  say: Say;
  signal: AbortSignal;
  /** Called once when this process owns the directory and has nothing more to do than to wait for the embedded server. */
  meanwhile?: () => void;
}

/** This process holds the lock and runs what the directory needs; the workers are its caller's. */
export interface Owner {
  role: 'owner';
  /** Id of the installation, part of the names of its queues. */
  installation: string;
  target: TemporalTarget;
  /** Stops the embedded server in grace and gives the directory free. Safe to call twice. End the workers first. */
  release(): Promise<void>;
}

/** Another process owns the directory. */
export interface Attached {
  role: 'attached';
  installation: string;
  target: TemporalTarget;
  owner: OwnerInfo;
}

/** Thrown when the owner works with another cluster than the one asked for. */
export class OwnerElsewhereError extends Error {
  override name = 'OwnerElsewhereError' as const;

  constructor(
    readonly dataDir: string,
    readonly ownerPid: number,
    readonly ownersTarget: string,
    readonly asked: string,
  ) {
    super(
      `Process ${ownerPid} runs the tasks of ${dataDir} on ${ownersTarget}, this command was asked to use ${asked}: ` +
        'set TEMPORAL_ADDRESS and TEMPORAL_NAMESPACE to the same, or choose another directory with --data.',
    );
  }
}

const POLL_MS = 100;
/** A start on an existing database takes less; who waits longer is told what for. */
const QUIET_WAIT_MS = 2000;

/** Where the children of a data directory's owner are recorded while they run. */
export const childrenDirOf = (dataDir: string): string => join(dataDir, 'children');

/** Ends what processes that were killed left running on a data directory, and forgets it. */
export function endLeftovers(dataDir: string, say: Say): void {
  const ended = reapLeftovers(childrenDirOf(dataDir));
  if (ended > 0) say(`Ended ${ended} left-over ${ended === 1 ? 'program' : 'programs'} of a command that was killed.`);
}

/**
 * Becomes the owner of the data directory (made when missing) or attaches to the one there is.
 * A new owner ends what a dead one left running and has Temporal ready, with search attributes, when this returns; who comes while an owner
 * is starting waits for it and takes over when it dies.
 * @throws {OwnerElsewhereError}, what starting or reaching Temporal threw, and the signal's reason.
 */
export async function becomeOwnerOrAttach(options: OwnerOptions): Promise<Owner | Attached> {
  const { dataDir, say, signal } = options;
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const installation = await installationId(dataDir);
  const startedAt = performance.now();
  for (let told = false; ;) {
    signal.throwIfAborted();
    const lock = tryLock(dataDir);
    if (lock !== null) return await own(lock, installation, options);
    const owner = await readOwner(dataDir);
    if (owner !== null && owner.readyAt !== null && isAlive(owner)) return attach(owner, installation, options);
    if (!told && performance.now() - startedAt > QUIET_WAIT_MS) {
      say(
        `Waiting for ${owner === null ? 'another process' : `process ${owner.pid}`}, which is starting or ending its work on ${dataDir} …`,
      );
      told = true;
    }
    await sleep(POLL_MS, undefined, { signal });
  }
}

async function own(lock: OwnerLock, installation: string, options: OwnerOptions): Promise<Owner> {
  const { dataDir, say } = options;
  const me = { pid: process.pid, startTime: processStartTime(process.pid) ?? '' };
  let stopServer = (): Promise<void> => Promise.resolve();
  let released: Promise<void> | null = null;
  const release = (): Promise<void> => (released ??= leave());
  async function leave(): Promise<void> {
    try {
      await removeOwner(dataDir);
      await stopServer();
    } finally {
      lock.release();
    }
  }
  try {
    await writeOwner(dataDir, { ...me, temporalAddress: null, namespace: null, readyAt: null });
    endLeftovers(dataDir, say);
    if (options.temporal !== null) options.meanwhile?.();
    const server = options.temporal === null ? await embeddedServer(options) : null;
    if (server !== null) stopServer = () => server.stop();
    const target = server?.target ?? options.temporal;
    if (target === null) throw new Error('Expected a server or a cluster, got neither.');
    await prepare(target, server !== null, options.signal);
    const { address: temporalAddress, namespace } = target;
    await writeOwner(dataDir, { ...me, temporalAddress, namespace, readyAt: new Date().toISOString() });
    return { role: 'owner', installation, target, release };
  } catch (error) {
    await release();
    throw error;
  }
}

async function embeddedServer(options: OwnerOptions): Promise<EmbeddedServer> {
  const binary = await provideServer(options);
  const onLaunch = (): void => options.meanwhile?.();
  return startServer({ ...options, childrenDir: childrenDirOf(options.dataDir), binary, onLaunch });
}

async function prepare(target: TemporalTarget, isOurs: boolean, signal: AbortSignal): Promise<void> {
  // Loading Temporal's client takes longer than the server takes to start: it goes on beside it.
  const [{ connectClient }, { ensureRetention, ensureSearchAttributes }] = await Promise.all([
    import('../temporal/connection.js'),
    import('../temporal/prepare-namespace.js'),
  ]);
  const client = await connectClient(target, signal);
  try {
    await Promise.all([
      throughOutages(() => ensureSearchAttributes(client), signal),
      isOurs ? throughOutages(() => ensureRetention(client, RETENTION_MS), signal) : null,
    ]);
  } finally {
    await client.connection.close();
  }
}

function attach(owner: OwnerInfo, installation: string, { dataDir, temporal }: OwnerOptions): Attached {
  const { temporalAddress: address, namespace } = owner;
  if (address === null || namespace === null) throw new TypeError('Expected an owner that is ready.');
  // Credentials are not in the owner's file: who names the cluster brings its own.
  if (temporal === null) return { role: 'attached', installation, target: localTarget(address, namespace), owner };
  if (temporal.address !== address || temporal.namespace !== namespace) {
    throw new OwnerElsewhereError(
      dataDir,
      owner.pid,
      `${address} (${namespace})`,
      `${temporal.address} (${temporal.namespace})`,
    );
  }
  return { role: 'attached', installation, target: temporal, owner };
}
