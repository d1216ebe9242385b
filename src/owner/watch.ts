import { processStartTime } from '../process/start-time.js';
import { readOwner, type OwnerInfo } from './owner-file.js';

/** How an owner went: without a word, or after giving the directory free. */
export type OwnerEnd = 'died' | 'left';

const LOOK_MS = 500;

/** Whether the process that says to be the owner still runs; another one with its pid is not taken for it. */
export function isAlive(owner: OwnerInfo): boolean {
  return processStartTime(owner.pid) === owner.startTime;
}

/** Calls `onGone` once when the owner has gone; then `becomeOwnerOrAttach` finds the next one. Ends with the signal. */
export function watchOwner(
  dataDir: string,
  owner: OwnerInfo,
  onGone: (how: OwnerEnd) => void,
  signal: AbortSignal,
): void {
  let timer: NodeJS.Timeout | undefined;
  const stop = (): void => {
    clearTimeout(timer);
  };
  const look = async (): Promise<void> => {
    const named = await readOwner(dataDir);
    if (signal.aborted) return;
    const isNamed = named?.pid === owner.pid && named.startTime === owner.startTime;
    if (isNamed && isAlive(owner)) {
      timer = setTimeout(() => void look(), LOOK_MS);
      return;
    }
    signal.removeEventListener('abort', stop);
    // Who leaves in order takes its name away first.
    onGone(isNamed ? 'died' : 'left');
  };
  signal.addEventListener('abort', stop, { once: true });
  timer = setTimeout(() => void look(), LOOK_MS);
}
