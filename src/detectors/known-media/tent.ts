/** Side of the square that a picture is shrunk to, and of which PDQ takes the cosine transform. */
export const SIDE = 64;

/** Weights are whole numbers of this share: with values of 8 bits their sums still fit 32 bits. */
export const WEIGHT_ONE = 2 ** 23;

/** How SIDE values are made of a longer row: value i is the sum over k of `weights[i × width + k]` × the pixel `starts[i] + k`. */
export interface Tent {
  starts: Int32Array;
  /** Pixels that make a value; those with nothing to add have the weight 0. */
  width: number;
  /** In 1 / WEIGHT_ONE. */
  weights: Int32Array;
}

const cache = new Map<number, Tent>();
/** Lengths that a thread remembers: as many as pictures of different sizes may be hashed at once. */
const CACHE_LIMIT = 64;

/**
 * The two passes of a running mean that PDQ's reference blurs with, followed by taking every 64th part's middle, as one weighted sum for each value:
 * only what is taken is worked out. The window of one pass is half of such a part, rounded up, and grows shorter at both ends of the row.
 * `length`: pixels, 1 or more.
 */
export function tentOf(length: number): Tent {
  const known = cache.get(length);
  if (known !== undefined) return known;
  if (cache.size >= CACHE_LIMIT) cache.clear();
  const made = makeTent(length);
  cache.set(length, made);
  return made;
}

function makeTent(length: number): Tent {
  const window = Math.ceil(length / (2 * SIDE));
  const ahead = Math.floor(window / 2);
  const behind = window - 1 - ahead;
  const from = (at: number): number => Math.max(0, at - behind);
  const to = (at: number): number => Math.min(length - 1, at + ahead);
  const width = Math.min(length, 2 * window - 1);
  const starts = new Int32Array(SIDE);
  const shares = new Float64Array(SIDE * width);
  for (let index = 0; index < SIDE; index++) {
    const middle = Math.floor(((index + 0.5) * length) / SIDE);
    const start = Math.min(from(from(middle)), length - width);
    starts[index] = start;
    const second = 1 / (to(middle) - from(middle) + 1);
    for (let at = from(middle); at <= to(middle); at++) {
      const first = 1 / (to(at) - from(at) + 1);
      for (let pixel = from(at); pixel <= to(at); pixel++) {
        const slot = index * width + pixel - start;
        shares[slot] = (shares[slot] ?? 0) + first * second;
      }
    }
  }
  return { starts, width, weights: Int32Array.from(shares, (share) => Math.round(share * WEIGHT_ONE)) };
}
