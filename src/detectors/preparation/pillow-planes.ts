/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices lie inside by construction, and a check for each pixel would cost a fifth of the speed */
import { TRUNCATION_BIAS, yuvGains } from './colour.js';
import { chromaShift, planes, type Picture, type Plane } from './picture.js';
import { CROP, halved, MEANS, pillowWindows, wholeParts } from './pillow-windows.js';
import type { Window } from './windows.js';

/*
 * Pillow's resize on YUV: each plane is shrunk first, and only what is left is converted. Against resizing the converted frame this differs by
 * rounding and where colours are clipped; on real frames by a quarter of a level in the mean.
 */

/** Weights down the height have 8 bits, so that the sum of two pixels side by side in one word, 16 bits each, never overflows into the other. */
const DOWN = 256;
/** Weights across the width have 14 bits: sums of 16 bit values still fit 31. */
const ACROSS = 1 << 14;
const LEVEL = 1 / (DOWN * ACROSS);

/** The even bytes of a word, each with room for 16 bits. */
const EVEN = 0x00ff00ff;

const { imul } = Math;

/** How one length is brought to the crop: down a plane (`rows`) and across it (`start`, `pairs` of even and odd pixels, and their weights). */
interface Shrinking {
  rows: { start: number; weights: Int32Array }[];
  start: Int32Array;
  pairs: Int32Array;
  /** Weights of an even and the following odd pixel in turn; those of position i begin at i × stride. */
  weights: Int32Array;
  stride: number;
}

const cache = new Map<string, Shrinking>();
/** Sizes that the threads remember: as many as videos of different sizes may be classified at once. */
const CACHE_LIMIT = 64;

const shrunk = [0, 1, 2].map(() => new Int32Array(CROP * CROP));
let even = new Int32Array();
let odd = new Int32Array();
let copy = new Int32Array();

/** Fills `out` with BGR less the means, NHWC. */
export function pillowPlanes(picture: Picture, format: 'yuv420p' | 'yuv444p', out: Float32Array): void {
  const shift = chromaShift(format);
  planes(picture, shift).forEach((plane, index) => {
    const halve = index > 0 && shift === 1;
    const across = shrinking(picture.widthPx, halve);
    const down = shrinking(picture.heightPx, halve);
    shrinkPlane(picture.data, plane, across, down, shrunk[index]!);
  });
  const { black, luma, redOfV, greenOfU, greenOfV, blueOfU } = yuvGains(picture.colour);
  const bias = format === 'yuv420p' ? TRUNCATION_BIAS : { red: 0, green: 0, blue: 0 };
  const [planeY, planeU, planeV] = shrunk as [Int32Array, Int32Array, Int32Array];
  for (let index = 0, at = 0; index < planeY.length; index++, at += 3) {
    const light = (planeY[index]! * LEVEL - black) * luma;
    const u = planeU[index]! * LEVEL - 128;
    const v = planeV[index]! * LEVEL - 128;
    out[at] = clipped(light + blueOfU * u + bias.blue) - MEANS.blue;
    out[at + 1] = clipped(light + greenOfU * u + greenOfV * v + bias.green) - MEANS.green;
    out[at + 2] = clipped(light + redOfV * v + bias.red) - MEANS.red;
  }
}

function clipped(value: number): number {
  return value < 0 ? 0 : value > 255 ? 255 : value;
}

function shrinkPlane(data: Uint8Array, plane: Plane, across: Shrinking, down: Shrinking, out: Int32Array): void {
  const { words, first, wordsPerRow } = asWords(data, plane);
  if (even.length <= wordsPerRow) {
    even = new Int32Array(wordsPerRow + 1);
    odd = new Int32Array(wordsPerRow + 1);
  }
  const evenPixels = new Uint16Array(even.buffer);
  const oddPixels = new Uint16Array(odd.buffer);
  const { start, pairs, weights, stride } = across;
  let at = 0;
  for (const row of down.rows) {
    sumRows(words, first + row.start * wordsPerRow, wordsPerRow, row.weights);
    for (let x = 0; x < CROP; x++) {
      let sum = 0;
      const from = start[x]!;
      const end = from + pairs[x]!;
      for (let pair = from, weight = x * stride; pair < end; pair++, weight += 2)
        sum += imul(evenPixels[pair]!, weights[weight]!) + imul(oddPixels[pair]!, weights[weight + 1]!);
      out[at++] = sum;
    }
  }
}

/** Weighted sum of rows into `even` and `odd`, four pixels and six rows at a time: thrice as fast as pixel by pixel. */
function sumRows(words: Int32Array, from: number, wordsPerRow: number, weights: Int32Array): void {
  for (let row = 0; row < weights.length; row += 6)
    sumSixRows(words, from + row * wordsPerRow, wordsPerRow, weights, row, row === 0 ? 0 : -1);
}

/** Six, because a picture of 720 rows is shrunk from five or six to one. `keep`: 0 begins the sum, -1 goes on with it. */
function sumSixRows(
  words: Int32Array,
  r0: number,
  wordsPerRow: number,
  weights: Int32Array,
  at: number,
  keep: 0 | -1,
): void {
  const evens = even;
  const odds = odd;
  const count = weights.length - at;
  const w0 = weights[at]!;
  const w1 = count > 1 ? weights[at + 1]! : 0;
  const w2 = count > 2 ? weights[at + 2]! : 0;
  const w3 = count > 3 ? weights[at + 3]! : 0;
  const w4 = count > 4 ? weights[at + 4]! : 0;
  const w5 = count > 5 ? weights[at + 5]! : 0;
  // Rows of no weight may lie outside: the first one is read in their place.
  const r1 = w1 === 0 ? r0 : r0 + wordsPerRow;
  const r2 = w2 === 0 ? r0 : r0 + 2 * wordsPerRow;
  const r3 = w3 === 0 ? r0 : r0 + 3 * wordsPerRow;
  const r4 = w4 === 0 ? r0 : r0 + 4 * wordsPerRow;
  const r5 = w5 === 0 ? r0 : r0 + 5 * wordsPerRow;
  for (let x = 0; x < wordsPerRow; x++) {
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

/** The plane as words of four pixels; copied only when its rows do not begin at whole words. */
function asWords(
  data: Uint8Array,
  { offset, widthPx, heightPx }: Plane,
): { words: Int32Array; first: number; wordsPerRow: number } {
  const wordsPerRow = (widthPx + 3) >> 2;
  if (widthPx % 4 === 0 && (data.byteOffset + offset) % 4 === 0)
    return {
      words: new Int32Array(data.buffer, data.byteOffset + offset, wordsPerRow * heightPx),
      first: 0,
      wordsPerRow,
    };
  if (copy.length < wordsPerRow * heightPx) copy = new Int32Array(wordsPerRow * heightPx);
  const bytes = new Uint8Array(copy.buffer);
  for (let row = 0; row < heightPx; row++)
    bytes.set(data.subarray(offset + row * widthPx, offset + (row + 1) * widthPx), row * wordsPerRow * 4);
  return { words: copy, first: 0, wordsPerRow };
}

function shrinking(length: number, halve: boolean): Shrinking {
  const key = `${length} ${halve}`;
  const known = cache.get(key);
  if (known !== undefined) return known;
  if (cache.size >= CACHE_LIMIT) cache.clear();
  const windows = halve ? halved(pillowWindows(length)) : pillowWindows(length);
  const computed = {
    rows: windows.map(({ start, shares }) => ({ start, weights: Int32Array.from(wholeParts(shares, DOWN)) })),
    ...acrossPairs(windows),
  };
  cache.set(key, computed);
  return computed;
}

/** Pixels come as even and odd ones: each window begins at an even pixel, if need be one of no weight. */
function acrossPairs(windows: readonly Window[]): Omit<Shrinking, 'rows'> {
  const padded = windows.map(({ start, shares }) => [...(start % 2 === 1 ? [0] : []), ...wholeParts(shares, ACROSS)]);
  const pairs = Int32Array.from(padded, ({ length }) => (length + 1) >> 1);
  const stride = 2 * Math.max(...pairs);
  const weights = new Int32Array(CROP * stride);
  padded.forEach((window, index) => {
    weights.set(window, index * stride);
  });
  return { start: Int32Array.from(windows, ({ start }) => start >> 1), pairs, weights, stride };
}
