/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices lie inside by construction, and a check for each pixel would cost a fifth of the speed */
import { TRUNCATION_BIAS, yuvGains } from './colour.js';
import { chromaShift, planes, type Picture, type Plane } from './picture.js';
import { halved } from './pillow-windows.js';
import type { Window } from './windows.js';

/** What makes each column and each row of what comes out. */
export interface Resampling {
  across: readonly Window[];
  down: readonly Window[];
}

/** Fixed point of Pillow's 8 bit resampling: 32 bits less 8 of the value and 2 of head-room (PRECISION_BITS in its Resample.c). */
const PRECISION = 22;
const HALF = 1 << (PRECISION - 1);

const { imul } = Math;

/**
 * The picture resampled, as red, green and blue in turn, levels of 0–255. rgb24 gives the very bits of Pillow; of YUV each plane is shrunk first, and only
 * what is left is converted, which differs from that by rounding and where colours are clipped.
 */
export function resample(picture: Picture, resampling: Resampling): Uint8ClampedArray | Float32Array {
  return picture.format === 'rgb24'
    ? resampleRgb(picture, resampling)
    : resampleYuv(picture, picture.format, resampling);
}

function resampleRgb({ widthPx, data }: Picture, { across, down }: Resampling): Uint8ClampedArray {
  const columns = fixedPoint(across);
  const rows = fixedPoint(down);
  const [firstRow, endRow] = extent(down);
  const row = columns.length * 3;
  const narrow = new Uint8ClampedArray((endRow - firstRow) * row);
  for (let y = firstRow, at = 0; y < endRow; y++)
    for (const { start, weights } of columns)
      for (let channel = 0; channel < 3; channel++)
        narrow[at++] = weighted(data, (y * widthPx + start) * 3 + channel, 3, weights);
  const out = new Uint8ClampedArray(rows.length * row);
  let at = 0;
  for (const { start, weights } of rows)
    for (let x = 0; x < row; x++) out[at++] = weighted(narrow, (start - firstRow) * row + x, row, weights);
  return out;
}

/** Weighted sum of values `step` apart; the array that takes it clips to 8 bits as Pillow does after each of its two passes. */
function weighted(values: Uint8Array | Uint8ClampedArray, from: number, step: number, weights: Int32Array): number {
  let sum = HALF;
  for (let k = 0; k < weights.length; k++, from += step) sum += imul(values[from]!, weights[k]!);
  return sum >> PRECISION;
}

/** As `normalize_coeffs_8bpc`: halves are rounded away from zero. */
function fixedPoint(windows: readonly Window[]): { start: number; weights: Int32Array }[] {
  return windows.map(({ start, shares }) => ({
    start,
    weights: Int32Array.from(shares, (share) => Math.trunc(Math.sign(share) * 0.5 + share * 2 ** PRECISION)),
  }));
}

function resampleYuv(picture: Picture, format: 'yuv420p' | 'yuv444p', whole: Resampling): Float32Array {
  const shift = chromaShift(format);
  const half = shift === 1 ? { across: halved(whole.across), down: halved(whole.down) } : whole;
  const [planeY, planeU, planeV] = planes(picture, shift).map((plane, index) =>
    resamplePlane(picture.data, plane, index === 0 ? whole : half),
  ) as [Float32Array, Float32Array, Float32Array];
  const { black, luma, redOfV, greenOfU, greenOfV, blueOfU } = yuvGains(picture.colour);
  const bias = format === 'yuv420p' ? TRUNCATION_BIAS : { red: 0, green: 0, blue: 0 };
  const out = new Float32Array(planeY.length * 3);
  for (let index = 0, at = 0; index < planeY.length; index++) {
    const light = (planeY[index]! - black) * luma;
    const u = planeU[index]! - 128;
    const v = planeV[index]! - 128;
    out[at++] = clipped(light + redOfV * v + bias.red);
    out[at++] = clipped(light + greenOfU * u + greenOfV * v + bias.green);
    out[at++] = clipped(light + blueOfU * u + bias.blue);
  }
  return out;
}

function resamplePlane(data: Uint8Array, { offset, widthPx }: Plane, { across, down }: Resampling): Float32Array {
  const [firstRow, endRow] = extent(down);
  const row = across.length;
  const narrow = new Float32Array((endRow - firstRow) * row);
  for (let y = firstRow, at = 0; y < endRow; y++) {
    for (const { start, shares } of across) {
      let sum = 0;
      for (let k = 0, from = offset + y * widthPx + start; k < shares.length; k++) sum += data[from++]! * shares[k]!;
      narrow[at++] = sum;
    }
  }
  const out = new Float32Array(down.length * row);
  down.forEach(({ start, shares }, y) => {
    shares.forEach((share, k) => {
      for (let x = 0, from = (start - firstRow + k) * row, to = y * row; x < row; x++)
        out[to++]! += narrow[from++]! * share;
    });
  });
  return out;
}

/** Rows of the source that the windows reach: [first, end). */
function extent(windows: readonly Window[]): [number, number] {
  const starts = windows.map(({ start }) => start);
  const ends = windows.map(({ start, shares }) => start + shares.length);
  return [Math.min(...starts), Math.max(...ends)];
}

function clipped(value: number): number {
  return value < 0 ? 0 : value > 255 ? 255 : value;
}
