/** Numbers that look like chance and are the same in every run; by mulberry32. */
export interface Chance {
  /** 0 or more, less than 1. */
  next(): number;
  between(from: number, to: number): number;
  oneOf<T>(values: readonly [T, ...T[]]): T;
}

export function chance(seed: number): Chance {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    next,
    between: (from, to) => from + next() * (to - from),
    oneOf: (values) => values[Math.floor(next() * values.length)] ?? values[0],
  };
}
