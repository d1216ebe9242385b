import type { TaskView } from '../../../src/schema/console/task.js';
import type { Scene } from '../../../src/schema/scene.js';

/** Scenes whose material wears people down; the others are watched without counting. */
const SEVERE: ReadonlySet<Scene> = new Set<Scene>(['porn', 'terrorism']);

/** Whether looking at the task counts towards the budget of a shift. */
export function isSevere({ disputed, frames }: Pick<TaskView, 'disputed' | 'frames'>): boolean {
  return (
    disputed.some(({ scene }) => SEVERE.has(scene)) ||
    frames.some(({ found }) => found.some(({ scene }) => SEVERE.has(scene)))
  );
}

/** Adds up how long something was seen. Instants are in milliseconds of one clock. */
export interface Stopwatch {
  start: (nowMs: number) => void;
  stop: (nowMs: number) => void;
  /** Seconds since the last time it was taken, at most `limit`; what is more stays for the next time. */
  take: (nowMs: number, limit: number) => number;
}

export function createStopwatch(): Stopwatch {
  let since: number | null = null;
  let gathered = 0;
  const gather = (nowMs: number) => {
    if (since === null) return;
    gathered += Math.max(0, nowMs - since) / 1000;
    since = nowMs;
  };
  return {
    start(nowMs) {
      since ??= nowMs;
    },
    stop(nowMs) {
      gather(nowMs);
      since = null;
    },
    take(nowMs, limit) {
      gather(nowMs);
      const seconds = Math.min(gathered, limit);
      gathered -= seconds;
      return seconds;
    },
  };
}
