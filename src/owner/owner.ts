import type { Say } from '../setup/say.js';
import type { TemporalTarget } from '../temporal/target.js';
import type { OwnerInfo } from './owner-file.js';

/** What a command needs to own a data directory or attach to its owner. */
export interface OwnerOptions {
  dataDir: string;
  /** The cluster asked for; `null`: the embedded server. */
  temporal: TemporalTarget | null;
  /** Directories of PATH, where a Temporal server is looked for. */
  searchPath: string[];
  say: Say;
  signal: AbortSignal;
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

/**
 * Becomes the owner of the data directory (made when missing) or attaches to the one there is.
 * A new owner ends what a dead one left running and has Temporal ready, with search attributes, when this returns; who comes while an owner
 * is starting waits for it and takes over when it dies.
 */
export async function becomeOwnerOrAttach(options: OwnerOptions): Promise<Owner | Attached> {
  await Promise.resolve(options);
  throw new Error('Expected the owner to be there: it is being built.');
}

/** Calls `onGone` once when the owner has `died` or has `left` in order; both times take over by `becomeOwnerOrAttach`. Ends with the signal. */
export function watchOwner(
  dataDir: string,
  owner: OwnerInfo,
  onGone: (how: 'died' | 'left') => void,
  signal: AbortSignal,
): void {
  signal.throwIfAborted();
  void dataDir;
  void owner;
  void onGone;
}
