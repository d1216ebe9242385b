import type { ReviewView } from '../schema/review.js';
import { claimOf, isOpen, type ReviewState } from './review.js';

const iso = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());

/** What may be known of a review from outside: not what those said who read it so far. */
export function reviewView(state: ReviewState): ReviewView {
  const { step, level, rule, readings, notes, openedMs, dueMs } = state;
  return {
    step,
    level,
    rule,
    claim: claimOf(state),
    readers: readings.map(({ reviewer }) => reviewer),
    ...(notes !== undefined && { notes }),
    openedAt: openedMs === 0 ? null : iso(openedMs),
    dueAt: iso(dueMs),
  };
}

/** Everybody who may not read the task any more. */
export function readersOf({ readings, barred }: ReviewState): string[] {
  return [...new Set([...barred, ...readings.map(({ reviewer }) => reviewer)])];
}

/** An entry of the queue, less what the store knows of the task; `null`: it is in none. */
export function queueState(state: ReviewState) {
  const { kind, step, level, notes, openedMs, dueMs } = state;
  if (!isOpen(state)) return null;
  return {
    kind,
    step: step as 'waiting' | 'claimed' | 'held',
    level,
    claim: claimOf(state),
    readers: readersOf(state),
    ...(notes !== undefined && { notes }),
    openedAt: new Date(openedMs).toISOString(),
    dueAt: iso(dueMs),
  };
}
