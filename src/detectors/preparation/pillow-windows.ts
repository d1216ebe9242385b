/** What OpenNSFW sees: the middle CROP × CROP of the picture brought to RESIZED × RESIZED. */
export const CROP = 224;
const RESIZED = 256;
const OFFSET = (RESIZED - CROP) / 2;

/** Mean blue, green and red, 0–255, of the pictures that OpenNSFW was trained on. */
export const MEANS = { blue: 104, green: 117, red: 123 } as const;

/** The source positions [start, start + shares.length) that make one output position, and the share of each; the shares' sum is 1. */
export interface Window {
  start: number;
  shares: readonly number[];
}

/** Pillow's BILINEAR for the positions inside the crop: a triangle that widens as the picture shrinks (`precompute_coeffs` in its Resample.c). */
export function pillowWindows(length: number): Window[] {
  const scale = length / RESIZED;
  const support = Math.max(scale, 1);
  return Array.from({ length: CROP }, (_, index) => {
    const centre = (index + OFFSET + 0.5) * scale;
    const start = Math.max(0, Math.trunc(centre - support + 0.5));
    const end = Math.min(length, Math.trunc(centre + support + 0.5));
    const heights = Array.from({ length: end - start }, (_unused, k) =>
      Math.max(0, 1 - Math.abs((k + start - centre + 0.5) / support)),
    );
    const sum = heights.reduce((total, height) => total + height, 0);
    return { start, shares: heights.map((height) => height / sum) };
  });
}

/** The same windows over a plane of half the length of which each value serves two neighbours. */
export function halved(windows: readonly Window[]): Window[] {
  return windows.map(({ start, shares }) => {
    const from = start >> 1;
    const merged = new Array<number>(((start + shares.length - 1) >> 1) - from + 1).fill(0);
    shares.forEach(
      (share, k) => (merged[((start + k) >> 1) - from] = (merged[((start + k) >> 1) - from] ?? 0) + share),
    );
    return { start: from, shares: merged };
  });
}

/** Shares as whole parts of `total`: the sum stays exact, and the largest remainders are rounded up. */
export function wholeParts(shares: readonly number[], total: number): number[] {
  const parts = shares.map((share) => Math.floor(share * total));
  const missing = total - parts.reduce((sum, part) => sum + part, 0);
  const byRemainder = shares
    .map((share, index) => ({ index, remainder: (share * total) % 1 }))
    .sort((a, b) => b.remainder - a.remainder || a.index - b.index);
  for (const { index } of byRemainder.slice(0, missing)) parts[index] = (parts[index] ?? 0) + 1;
  return parts;
}
