const UNIT_MS = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Milliseconds of a duration as policies write it: a whole number and one of s, m, h, d. */
export function durationMs(duration: string): number {
  const [, amount, unit] = /^(\d+)([smhd])$/.exec(duration) ?? [];
  if (amount === undefined || unit === undefined) {
    throw new RangeError(`Expected a number and one of s, m, h, d, for example 7d, received ${duration}`);
  }
  return Number(amount) * UNIT_MS[unit as keyof typeof UNIT_MS];
}
