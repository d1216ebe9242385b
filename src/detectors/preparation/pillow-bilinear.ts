/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices lie inside by construction, and a check for each pixel would cost a fifth of the speed */
import { pixelReader, type Picture } from './pixels.js';

/** The size that the whole picture is brought to, and the part of it that the network sees. */
const RESIZED = 256;
const CROP = 224;
const OFFSET = (RESIZED - CROP) / 2;
const ROW = CROP * 3;

/** Fixed point of Pillow's 8 bit resampling: 32 bits less 8 of the value and 2 of head-room (PRECISION_BITS in its Resample.c). */
const PRECISION = 22;
const HALF = 1 << (PRECISION - 1);

/** Mean blue, green and red of the pictures that the network was trained on. */
const MEANS = [104, 117, 123] as const;

/** The source positions [start, start + weights.length) that make one output position. */
interface Window {
  start: number;
  weights: Int32Array;
}

/**
 * The frame as OpenNSFW's Python package prepares it without its JPEG round trip: Pillow's `resize((256, 256), BILINEAR)`, bit for bit, the middle
 * 224 × 224, BGR less the means, NHWC. Every source pixel counts: this one averages when it shrinks.
 */
export function pillowBilinear(picture: Picture, out: Float32Array): void {
  const rows = windows(picture.heightPx);
  const firstRow = Math.min(...rows.map(({ start }) => start));
  const endRow = Math.max(...rows.map(({ start, weights }) => start + weights.length));
  const narrow = shrinkWidth(picture, firstRow, endRow);
  let at = 0;
  for (const { start, weights } of rows) {
    for (let x = 0; x < ROW; x += 3, at += 3) {
      let red = HALF;
      let green = HALF;
      let blue = HALF;
      for (let k = 0, from = (start - firstRow) * ROW + x; k < weights.length; k++, from += ROW) {
        const weight = weights[k]!;
        red += Math.imul(narrow[from]!, weight);
        green += Math.imul(narrow[from + 1]!, weight);
        blue += Math.imul(narrow[from + 2]!, weight);
      }
      out[at] = (blue >> PRECISION) - MEANS[0];
      out[at + 1] = (green >> PRECISION) - MEANS[1];
      out[at + 2] = (red >> PRECISION) - MEANS[2];
    }
  }
}

/** Rows [firstRow, endRow) brought to the width of the crop, RGB, rounded to 8 bits as Pillow does between its two passes. */
function shrinkWidth(picture: Picture, firstRow: number, endRow: number): Uint8Array {
  const read = pixelReader(picture);
  const across = windows(picture.widthPx);
  const firstColumn = Math.min(...across.map(({ start }) => start));
  const endColumn = Math.max(...across.map(({ start, weights }) => start + weights.length));
  const columns = Int32Array.from({ length: endColumn - firstColumn }, (_, index) => firstColumn + index);
  const pixels = new Uint8Array(columns.length * 3);
  const narrow = new Uint8Array((endRow - firstRow) * ROW);
  let at = 0;
  for (let row = firstRow; row < endRow; row++) {
    read(row, columns, pixels);
    for (const { start, weights } of across) {
      let red = HALF;
      let green = HALF;
      let blue = HALF;
      for (let k = 0, from = (start - firstColumn) * 3; k < weights.length; k++, from += 3) {
        const weight = weights[k]!;
        red += Math.imul(pixels[from]!, weight);
        green += Math.imul(pixels[from + 1]!, weight);
        blue += Math.imul(pixels[from + 2]!, weight);
      }
      narrow[at++] = red >> PRECISION;
      narrow[at++] = green >> PRECISION;
      narrow[at++] = blue >> PRECISION;
    }
  }
  return narrow;
}

/** Triangle filter over the source for each position inside the crop; as `precompute_coeffs` and `normalize_coeffs_8bpc` of Pillow's Resample.c. */
function windows(length: number): Window[] {
  const scale = length / RESIZED;
  const support = Math.max(scale, 1);
  return Array.from({ length: CROP }, (_, index) => {
    const centre = (index + OFFSET + 0.5) * scale;
    const start = Math.max(0, Math.trunc(centre - support + 0.5));
    const end = Math.min(length, Math.trunc(centre + support + 0.5));
    const shares = Array.from({ length: end - start }, (_unused, k) =>
      Math.max(0, 1 - Math.abs((k + start - centre + 0.5) / support)),
    );
    const sum = shares.reduce((total, share) => total + share, 0);
    return { start, weights: Int32Array.from(shares, (share) => Math.trunc(0.5 + (share / sum) * 2 ** PRECISION)) };
  });
}
