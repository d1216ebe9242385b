/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices lie inside by construction, and a check for each pixel would cost a fifth of the speed */
import type { Plane } from './picture.js';
import { CROP, halved, pillowWindows, wholeParts } from './pillow-windows.js';
import type { Window } from './windows.js';

/*
 * Shrinks one plane down first and then across. All sums are exact integers, so that neither the order nor how many rows are taken at a time
 * changes a bit of the result.
 */

/** Weights down the height have 8 bits, so that the sum of two pixels side by side in one word, 16 bits each, never overflows into the other. */
const DOWN = 256;
/** Weights across the width have 14 bits: sums of 16 bit values still fit 31. */
const ACROSS = 1 << 14;
/** What one level of a pixel is in a plane that was shrunk. */
export const LEVEL_PARTS = DOWN * ACROSS;

/** Rows of the result that are made together, which reads the weights across once for all of them; CROP is a multiple of it. */
const TOGETHER = 4;

/** The even bytes of a word, each with room for 16 bits. */
const EVEN = 0x00ff00ff;

const { imul } = Math;

/** How one length is brought to the crop: down a plane (`rows`) and across it (all others). */
export interface Shrinking {
  rows: { start: number; weights: Int32Array }[];
  /** Words of four pixels in which anything counts: [firstWord, endWord). */
  firstWord: number;
  endWord: number;
  /** Pair of an even and an odd pixel at which each position begins. */
  start: Int32Array;
  /** Weights of an even and the following odd pixel in turn, `stride` of them for each position; those that are too many are 0. */
  weights: Int32Array;
  stride: number;
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
  const computed = {
    rows: windows.map(({ start, shares }) => ({ start, weights: Int32Array.from(wholeParts(shares, DOWN)) })),
    firstWord: Math.min(...windows.map(({ start }) => start)) >> 2,
    endWord: (Math.max(...windows.map(({ start, shares }) => start + shares.length)) + 3) >> 2,
    ...acrossPairs(windows),
  };
  cache.set(key, computed);
  return computed;
}

/** Pixels come as even and odd ones: each window begins at an even pixel, if need be one of no weight. */
function acrossPairs(windows: readonly Window[]): Pick<Shrinking, 'start' | 'weights' | 'stride'> {
  const padded = windows.map(({ start, shares }) => [...(start % 2 === 1 ? [0] : []), ...wholeParts(shares, ACROSS)]);
  const stride = 2 * Math.max(...padded.map(({ length }) => (length + 1) >> 1));
  const weights = new Int32Array(CROP * stride);
  padded.forEach((window, index) => {
    weights.set(window, index * stride);
  });
  return { start: Int32Array.from(windows, ({ start }) => start >> 1), weights, stride };
}

/** Even and odd pixels of one row of sums, 16 bits each, as they are added up and as they are read. */
interface SumRow {
  even: Int32Array;
  odd: Int32Array;
  evenPixels: Uint16Array;
  oddPixels: Uint16Array;
}

let sums: SumRow[] = [];
let copy = new Int32Array();

/** Memory for sums of rows of so many words; the last windows may read a few more, at no weight. */
function sumRowsOf(words: number): readonly [SumRow, SumRow, SumRow, SumRow] {
  if (sums.length === 0 || sums[0]!.even.length < words)
    sums = Array.from({ length: TOGETHER }, () => {
      const [even, odd] = [new Int32Array(words), new Int32Array(words)];
      return { even, odd, evenPixels: new Uint16Array(even.buffer), oddPixels: new Uint16Array(odd.buffer) };
    });
  return sums as [SumRow, SumRow, SumRow, SumRow];
}

/** Fills `out` with CROP × CROP pixels in parts of a level. */
export function shrinkPlane(data: Uint8Array, plane: Plane, across: Shrinking, down: Shrinking, out: Int32Array): void {
  const { words, wordsPerRow } = asWords(data, plane);
  const rows = sumRowsOf(wordsPerRow + across.stride);
  for (let y = 0; y < CROP; y += TOGETHER) {
    for (let index = 0; index < TOGETHER; index++) {
      const { start, weights } = down.rows[y + index]!;
      sumRows(words, start * wordsPerRow, wordsPerRow, weights, across.firstWord, across.endWord, rows[index]!);
    }
    shrinkRows(rows, across, out, y * CROP);
  }
}

/** Weighted sum of rows, four pixels and three or six rows at a time: thrice as fast as pixel by pixel. */
function sumRows(
  words: Int32Array,
  from: number,
  wordsPerRow: number,
  weights: Int32Array,
  first: number,
  end: number,
  { even, odd }: SumRow,
): void {
  for (let row = 0; row < weights.length; row += 6) {
    const at = from + row * wordsPerRow;
    const sum = weights.length - row > 3 ? sumSixRows : sumThreeRows;
    sum(words, at, wordsPerRow, weights, row, row === 0 ? 0 : -1, first, end, even, odd);
  }
}

/** Six, because a picture of 720 rows is shrunk from five or six to one. `keep`: 0 begins the sums, -1 goes on with them. */
function sumSixRows(
  words: Int32Array,
  r0: number,
  wordsPerRow: number,
  weights: Int32Array,
  at: number,
  keep: 0 | -1,
  first: number,
  end: number,
  evens: Int32Array,
  odds: Int32Array,
): void {
  const count = weights.length - at;
  const w0 = weights[at]!;
  const w1 = weights[at + 1]!;
  const w2 = weights[at + 2]!;
  const w3 = weights[at + 3]!;
  const w4 = count > 4 ? weights[at + 4]! : 0;
  const w5 = count > 5 ? weights[at + 5]! : 0;
  const r1 = r0 + wordsPerRow;
  const r2 = r1 + wordsPerRow;
  const r3 = r2 + wordsPerRow;
  // Rows of no weight may lie outside: the first one is read in their place.
  const r4 = count > 4 ? r3 + wordsPerRow : r0;
  const r5 = count > 5 ? r4 + wordsPerRow : r0;
  for (let x = first; x < end; x++) {
    const a = words[r0 + x]!;
    const b = words[r1 + x]!;
    const c = words[r2 + x]!;
    const d = words[r3 + x]!;
    const e = words[r4 + x]!;
    const f = words[r5 + x]!;
    evens[x] =
      ((evens[x]! & keep) +
        imul(a & EVEN, w0) +
        imul(b & EVEN, w1) +
        imul(c & EVEN, w2) +
        imul(d & EVEN, w3) +
        imul(e & EVEN, w4) +
        imul(f & EVEN, w5)) |
      0;
    odds[x] =
      ((odds[x]! & keep) +
        imul((a >>> 8) & EVEN, w0) +
        imul((b >>> 8) & EVEN, w1) +
        imul((c >>> 8) & EVEN, w2) +
        imul((d >>> 8) & EVEN, w3) +
        imul((e >>> 8) & EVEN, w4) +
        imul((f >>> 8) & EVEN, w5)) |
      0;
  }
}

/** The same for up to three rows. */
function sumThreeRows(
  words: Int32Array,
  r0: number,
  wordsPerRow: number,
  weights: Int32Array,
  at: number,
  keep: 0 | -1,
  first: number,
  end: number,
  evens: Int32Array,
  odds: Int32Array,
): void {
  const count = weights.length - at;
  const w0 = weights[at]!;
  const w1 = count > 1 ? weights[at + 1]! : 0;
  const w2 = count > 2 ? weights[at + 2]! : 0;
  const r1 = count > 1 ? r0 + wordsPerRow : r0;
  const r2 = count > 2 ? r1 + wordsPerRow : r0;
  for (let x = first; x < end; x++) {
    const a = words[r0 + x]!;
    const b = words[r1 + x]!;
    const c = words[r2 + x]!;
    evens[x] = ((evens[x]! & keep) + imul(a & EVEN, w0) + imul(b & EVEN, w1) + imul(c & EVEN, w2)) | 0;
    odds[x] =
      ((odds[x]! & keep) + imul((a >>> 8) & EVEN, w0) + imul((b >>> 8) & EVEN, w1) + imul((c >>> 8) & EVEN, w2)) | 0;
  }
}

/** Shrinks four rows of sums across into four rows of the result, from `at` on. */
function shrinkRows(
  [first, second, third, fourth]: readonly [SumRow, SumRow, SumRow, SumRow],
  { start, weights, stride }: Shrinking,
  out: Int32Array,
  at: number,
): void {
  const { evenPixels: even0, oddPixels: odd0 } = first;
  const { evenPixels: even1, oddPixels: odd1 } = second;
  const { evenPixels: even2, oddPixels: odd2 } = third;
  const { evenPixels: even3, oddPixels: odd3 } = fourth;
  for (let x = 0, weight = 0; x < CROP; x++, at++) {
    let [sum0, sum1, sum2, sum3] = [0, 0, 0, 0];
    const end = weight + stride;
    for (let pair = start[x]!; weight < end; pair++, weight += 2) {
      const ofEven = weights[weight]!;
      const ofOdd = weights[weight + 1]!;
      sum0 += imul(even0[pair]!, ofEven) + imul(odd0[pair]!, ofOdd);
      sum1 += imul(even1[pair]!, ofEven) + imul(odd1[pair]!, ofOdd);
      sum2 += imul(even2[pair]!, ofEven) + imul(odd2[pair]!, ofOdd);
      sum3 += imul(even3[pair]!, ofEven) + imul(odd3[pair]!, ofOdd);
    }
    out[at] = sum0;
    out[at + CROP] = sum1;
    out[at + 2 * CROP] = sum2;
    out[at + 3 * CROP] = sum3;
  }
}

/** The plane as words of four pixels; copied only when its rows do not begin at whole words. */
function asWords(data: Uint8Array, { offset, widthPx, heightPx }: Plane): { words: Int32Array; wordsPerRow: number } {
  const wordsPerRow = (widthPx + 3) >> 2;
  if (widthPx % 4 === 0 && (data.byteOffset + offset) % 4 === 0)
    return { words: new Int32Array(data.buffer, data.byteOffset + offset, wordsPerRow * heightPx), wordsPerRow };
  if (copy.length < wordsPerRow * heightPx) copy = new Int32Array(wordsPerRow * heightPx);
  const bytes = new Uint8Array(copy.buffer);
  for (let row = 0; row < heightPx; row++)
    bytes.set(data.subarray(offset + row * widthPx, offset + (row + 1) * widthPx), row * wordsPerRow * 4);
  return { words: copy, wordsPerRow };
}
