import type { Plane } from './picture.js';
import { CROP, halved, pillowWindows, wholeParts } from './pillow-windows.js';
import { kernel, memory, places, VECTOR } from './kernel.js';
import type { Window } from './windows.js';

/*
 * Shrinks one plane down first and then across. All sums are exact integers, so that neither their order nor how many are taken at a time changes a bit
 * of the result. WebAssembly takes sixteen pixels at a time, and is four times as fast as JavaScript, which can take two (kernels/shrink-plane.ts).
 */

/** Weights down the height have 8 bits: sums of pixels of 8 bits fit 16. */
const DOWN = 1 << 8;
/** Weights across the width have 14 bits: sums of 16 bit values still fit 31. */
const ACROSS = 1 << 14;
/** What one level of a pixel is in a plane that was shrunk. */
export const LEVEL_PARTS = DOWN * ACROSS;

/** Weights across that the kernel takes at a time. */
const TAPS = 8;

const { shrink } = kernel('shrink-plane') as {
  shrink: (
    ...args: [
      ...[plane: number, rowBytes: number, first: number, end: number],
      ...[down: number, tapsDown: number, across: number, tapsAcross: number],
      ...[sums: number, out: number, from: number, to: number],
    ]
  ) => void;
};

/** Rows of the result made from one piece of a plane, which stays in the fastest caches of a core meanwhile; CROP is a multiple of it. */
const TOGETHER = 16;

/** The windows along one axis as the kernel takes them. */
interface Windows {
  /** Where each of CROP windows begins, and then the weights of all, `taps` for each; those that are too many are 0. */
  table: Uint8Array;
  starts: Int32Array;
  taps: number;
  /** Source positions in which anything counts: [first, end). */
  first: number;
  end: number;
}

/** How one length is brought to the crop: across a plane and down it. */
export interface Shrinking {
  across: Windows;
  down: Windows;
}

const cache = new Map<string, Shrinking>();
/** Sizes that the threads remember: as many as videos of different sizes may be classified at once. */
const CACHE_LIMIT = 64;

/** What brings a length to the crop; `halve`: of a plane that has half of it. */
export function shrinking(length: number, halve: boolean): Shrinking {
  const key = `${length} ${halve}`;
  const known = cache.get(key);
  if (known !== undefined) return known;
  if (cache.size >= CACHE_LIMIT) cache.clear();
  const windows = halve ? halved(pillowWindows(length)) : pillowWindows(length);
  const computed = { across: weighted(windows, ACROSS, TAPS), down: weighted(windows, DOWN, 1) };
  cache.set(key, computed);
  return computed;
}

function weighted(windows: readonly Window[], total: number, multiple: number): Windows {
  const most = Math.max(...windows.map(({ shares }) => shares.length));
  const taps = Math.ceil(most / multiple) * multiple;
  const table = new Uint8Array(CROP * (4 + 2 * taps));
  const starts = new Int32Array(table.buffer, 0, CROP);
  const weights = new Int16Array(table.buffer, starts.byteLength);
  windows.forEach(({ start, shares }, index) => {
    starts[index] = start;
    weights.set(wholeParts(shares, total), index * taps);
  });
  const end = Math.max(...windows.map(({ start, shares }) => start + shares.length));
  return { table, starts, taps, first: Math.min(...starts), end };
}

/** Fills `out` with CROP × CROP pixels in parts of a level. */
export function shrinkPlane(
  data: Uint8Array,
  { offset, widthPx, heightPx }: Plane,
  { across }: Shrinking,
  { down }: Shrinking,
  out: Int32Array,
): void {
  const { first: left, end: right } = across;
  const pieces = piecesOf(down);
  const mostRows = Math.max(...pieces.map(({ first, end }) => end - first));
  const [acrossAt, downAt, sums, made, piece] = places([
    across.table.length,
    down.table.length,
    2 * (widthPx + VECTOR + across.taps),
    out.byteLength,
    mostRows * widthPx + VECTOR,
  ]) as [number, number, number, number, number];
  const bytes = new Uint8Array(memory.buffer);
  bytes.set(across.table, acrossAt);
  bytes.set(down.table, downAt);
  for (const { first, end, from, to } of pieces) {
    // Rows behind the last one count nothing.
    bytes.set(data.subarray(offset + first * widthPx, offset + Math.min(end, heightPx) * widthPx), piece);
    const plane = piece - first * widthPx;
    shrink(plane, widthPx, left, right, downAt, down.taps, acrossAt, across.taps, sums, made, from, to);
  }
  out.set(new Int32Array(memory.buffer, made, out.length));
}

/** Rows [from, to) of the result, and those of the plane that they are made from: [first, end). */
function piecesOf({ starts, taps }: Windows): { from: number; to: number; first: number; end: number }[] {
  return Array.from({ length: CROP / TOGETHER }, (_, index) => {
    const [from, to] = [index * TOGETHER, (index + 1) * TOGETHER];
    return { from, to, first: starts[from] ?? 0, end: (starts[to - 1] ?? 0) + taps };
  });
}
