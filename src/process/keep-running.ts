import { setTimeout as sleep } from 'node:timers/promises';
import type { ProcessEnd, SupervisedProcess } from './supervise.js';

/** What is told of a program that is kept running. */
export interface KeepRunningEvents {
  /** It has ended, and is started again after a pause. */
  onEnd: (end: ProcessEnd) => void;
  /** It could not be started, which is tried again after a pause. */
  onFailure: (error: unknown) => void;
}

/** Waits before a program that ended is started again: at once, then less and less often. */
const RESTART_MS = [0, 500, 2000, 5000] as const;
/** A program that ran this long had started well: its end counts as the first. */
const STEADY_MS = 60_000;

/**
 * Starts a program again whenever it ends, until it is stopped; a start that throws counts as one that ended at once. `stop` kills it, and settles
 * when it has ended.
 */
export function keepRunning(
  first: SupervisedProcess,
  launch: () => SupervisedProcess,
  { onEnd, onFailure }: KeepRunningEvents,
): { stop(): Promise<void> } {
  const unwanted = new AbortController();
  let current: SupervisedProcess | null = first;
  const running = (async () => {
    for (let failures = 0; ; failures += 1) {
      const startedAt = performance.now();
      if (current !== null) {
        const end = await current.ended;
        if (isAborted(unwanted.signal)) return;
        if (performance.now() - startedAt > STEADY_MS) failures = 0;
        onEnd(end);
      }
      const waitMs = RESTART_MS[Math.min(failures, RESTART_MS.length - 1)];
      await sleep(waitMs, undefined, { signal: unwanted.signal }).catch(() => null);
      if (isAborted(unwanted.signal)) return;
      try {
        current = launch();
      } catch (error) {
        current = null;
        onFailure(error);
      }
    }
  })();
  return {
    async stop() {
      unwanted.abort();
      // Not in grace: a Temporal server asked to end would first wait a second for callers. Its database takes a kill at any moment.
      await current?.stop(0);
      await running;
    },
  };
}

/** Asked anew after every wait; the compiler would take the answer before it for lasting. */
const isAborted = (signal: AbortSignal): boolean => signal.aborted;
