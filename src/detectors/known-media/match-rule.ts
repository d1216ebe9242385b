/** Hashes of less quality are compared with nothing (facebook/ThreatExchange, pdq/README: "discard ≤ 49"; vPDQ's example as well). */
export const LEAST_QUALITY = 50;

/** Bits in which the hashes of two copies of a picture differ at most (pdq/README: "similar/matching ≤ 31"; vPDQ's D as well). */
export const MOST_DISTANCE = 31;

/** Ten times MOST_DISTANCE, so that what PDQ's rule calls a match scores 0.9–1, and a threshold t of a policy takes distances up to 310 × (1 − t). */
const SCALE = 310;

/** 0–1, six decimals. */
export function scoreOf(distance: number): number {
  return Math.round((1 - distance / SCALE) * 1e6) / 1e6;
}
