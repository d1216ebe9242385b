import type { LeadView } from '../schema/console/lead.js';

/** Bounds of how long a task has waited, in seconds: a quarter of an hour, an hour, four, a day, three days. */
const AGE_BOUNDS_S = [900, 3600, 4 * 3600, 24 * 3600, 72 * 3600] as const;

/** Instants before which the tasks beyond each bound began to wait, as of `now` in milliseconds since 1970; ISO 8601. */
export function ageInstants(now: number): string[] {
  return AGE_BOUNDS_S.map((seconds) => new Date(now - seconds * 1000).toISOString());
}

/** How many have waited how long, given how many wait and how many of them since before each of the {@link ageInstants}. */
export function agesOf(waiting: number, before: readonly number[]): LeadView['queue']['ages'] {
  const longerThan = (index: number): number => before[index] ?? 0;
  // Between two questions some may have gone: no bucket holds fewer than none.
  return [...AGE_BOUNDS_S, null].map((upToS, index) => ({
    upToS,
    count: Math.max(0, (index === 0 ? waiting : longerThan(index - 1)) - longerThan(index)),
  }));
}
