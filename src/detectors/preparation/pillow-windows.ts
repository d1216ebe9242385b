import { windowsOf, type Window } from './windows.js';

/** What OpenNSFW sees: the middle CROP × CROP of the picture brought to RESIZED × RESIZED. */
export const CROP = 224;
const RESIZED = 256;
const OFFSET = (RESIZED - CROP) / 2;

/** Mean blue, green and red, 0–255, of the pictures that OpenNSFW was trained on. */
export const MEANS = { blue: 104, green: 117, red: 123 } as const;

/** Pillow's BILINEAR for the positions inside the crop. */
export function pillowWindows(length: number): Window[] {
  return windowsOf({ length, resized: RESIZED, offset: OFFSET, count: CROP }, 'bilinear');
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
