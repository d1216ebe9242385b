/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices lie inside by construction, and a check for each pixel would cost a fifth of the speed */
import type { Picture } from './picture.js';
import { pillowPlanes } from './pillow-planes.js';
import { CROP, MEANS, pillowWindows } from './pillow-windows.js';

const ROW = CROP * 3;

/** Fixed point of Pillow's 8 bit resampling: 32 bits less 8 of the value and 2 of head-room (PRECISION_BITS in its Resample.c). */
const PRECISION = 22;
const HALF = 1 << (PRECISION - 1);

const { imul } = Math;

/**
 * The frame as OpenNSFW's Python package prepares it without its JPEG round trip: Pillow's `resize((256, 256), BILINEAR)`, the middle 224 × 224, BGR
 * less the means, NHWC. Every source pixel counts: it averages when it shrinks. rgb24 gives Pillow's very bits; YUV a third of the work.
 */
export function pillowBilinear(picture: Picture, out: Float32Array): void {
  if (picture.format === 'rgb24') pillowRgb(picture, out);
  else pillowPlanes(picture, picture.format, out);
}

function pillowRgb({ widthPx, heightPx, data }: Picture, out: Float32Array): void {
  const across = fixedPoint(widthPx);
  const down = fixedPoint(heightPx);
  const firstRow = down[0]!.start;
  const endRow = down.at(-1)!.start + down.at(-1)!.weights.length;
  const narrow = new Uint8Array((endRow - firstRow) * ROW);
  for (let row = firstRow, at = 0; row < endRow; row++)
    for (const { start, weights } of across)
      for (let channel = 0; channel < 3; channel++)
        narrow[at++] = weighted(data, (row * widthPx + start) * 3 + channel, 3, weights);
  for (let y = 0, at = 0; y < CROP; y++) {
    const { start, weights } = down[y]!;
    for (let x = 0, from = (start - firstRow) * ROW; x < CROP; x++, from += 3, at += 3) {
      out[at] = weighted(narrow, from + 2, ROW, weights) - MEANS.blue;
      out[at + 1] = weighted(narrow, from + 1, ROW, weights) - MEANS.green;
      out[at + 2] = weighted(narrow, from, ROW, weights) - MEANS.red;
    }
  }
}

/** Weighted mean of values `step` apart, rounded to 8 bits as Pillow does after each of its two passes. */
function weighted(values: Uint8Array, from: number, step: number, weights: Int32Array): number {
  let sum = HALF;
  for (let k = 0; k < weights.length; k++, from += step) sum += imul(values[from]!, weights[k]!);
  return sum >> PRECISION;
}

/** As `normalize_coeffs_8bpc`. */
function fixedPoint(length: number): { start: number; weights: Int32Array }[] {
  return pillowWindows(length).map(({ start, shares }) => ({
    start,
    weights: Int32Array.from(shares, (share) => Math.trunc(0.5 + share * 2 ** PRECISION)),
  }));
}
