/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices lie inside by construction, and a check for each pixel would cost a fifth of the speed */
import { yuvTables, type YuvTables } from './colour.js';
import { chromaShift, planes, type Picture } from './picture.js';

const SIZE = 224;
const ROW = SIZE * 3;

/** Where along one axis each output position lies: between `first` and `second`, `share` of the way. */
interface Taps {
  first: Int32Array;
  second: Int32Array;
  share: Float64Array;
}

const upper = new Float64Array(ROW);
const lower = new Float64Array(ROW);

/**
 * The frame as nsfwjs prepares it: values 0–1, `tf.image.resizeBilinear(…, [224, 224], alignCorners = true)`, RGB, NHWC.
 * Corners meet corners, and nothing is averaged when it shrinks: four pixels make one, so only those are read and converted.
 */
export function bilinearAlignCorners(picture: Picture, out: Float32Array): void {
  const across = tapsOf(picture.widthPx);
  const down = tapsOf(picture.heightPx);
  const read = picture.format === 'rgb24' ? rgbRows(picture, across) : yuvRows(picture, picture.format, across);
  for (let y = 0, at = 0; y < SIZE; y++) {
    const share = down.share[y]!;
    read(down.first[y]!, upper);
    read(down.second[y]!, lower);
    for (let x = 0; x < ROW; x++, at++) {
      const above = upper[x]!;
      out[at] = (above + (lower[x]! - above) * share) / 255;
    }
  }
}

const cache = new Map<number, Taps>();
/** Lengths that a thread remembers: as many as videos of different sizes may be classified at once. */
const CACHE_LIMIT = 64;

function tapsOf(length: number): Taps {
  const known = cache.get(length);
  if (known !== undefined) return known;
  if (cache.size >= CACHE_LIMIT) cache.clear();
  const computed = taps(length);
  cache.set(length, computed);
  return computed;
}

function taps(length: number): Taps {
  // Floats of 32 bits, as the reference has it: in 64 bits the last position could fall just short of the last pixel.
  const step = Math.fround((length - 1) / (SIZE - 1));
  const positions = Float32Array.from({ length: SIZE }, (_, index) => step * index);
  const first = Int32Array.from(positions, (position) => Math.min(Math.floor(position), length - 1));
  return {
    first,
    second: Int32Array.from(positions, (position) => Math.min(Math.ceil(position), length - 1)),
    share: Float64Array.from(positions, (position, index) => position - first[index]!),
  };
}

/** Writes one source row, interpolated along its width, as RGB, 0–255. */
type RowReader = (row: number, out: Float64Array) => void;

function rgbRows({ widthPx, data }: Picture, taps: Taps): RowReader {
  return (row, out) => {
    rgbRow(data, row * widthPx * 3, taps.first, taps.second, taps.share, out);
  };
}

function yuvRows(picture: Picture, format: 'yuv420p' | 'yuv444p', taps: Taps): RowReader {
  const tables = yuvTables(picture.colour, format);
  const shift = chromaShift(format);
  const [luma, chromaU, chromaV] = planes(picture, shift);
  return (row, out) => {
    const startY = row * luma.widthPx;
    const startU = chromaU.offset + (row >> shift) * chromaU.widthPx;
    const startV = chromaV.offset + (row >> shift) * chromaV.widthPx;
    yuvRow(picture.data, startY, startU, startV, shift, taps.first, taps.second, taps.share, tables, out);
  };
}

function rgbRow(
  data: Uint8Array,
  start: number,
  first: Int32Array,
  second: Int32Array,
  share: Float64Array,
  out: Float64Array,
): void {
  for (let x = 0, at = 0; x < SIZE; x++) {
    const left = start + first[x]! * 3;
    const right = start + second[x]! * 3;
    const part = share[x]!;
    for (let channel = 0; channel < 3; channel++, at++) {
      const value = data[left + channel]!;
      out[at] = value + (data[right + channel]! - value) * part;
    }
  }
}

/**
 * The two pixels are converted one after the other, written out, and everything is an argument or local: a call for each pixel costs twice the time,
 * and variables of an enclosing function a third more.
 */
function yuvRow(
  data: Uint8Array,
  startY: number,
  startU: number,
  startV: number,
  shift: 0 | 1,
  first: Int32Array,
  second: Int32Array,
  share: Float64Array,
  tables: YuvTables,
  out: Float64Array,
): void {
  const { y, redOfV, greenOfU, greenOfV, blueOfU } = tables;
  for (let x = 0, at = 0; x < SIZE; x++, at += 3) {
    const left = first[x]!;
    const right = second[x]!;
    const part = share[x]!;

    let light = y[data[startY + left]!]!;
    let u = data[startU + (left >> shift)]!;
    let v = data[startV + (left >> shift)]!;
    let red = (light + redOfV[v]!) >> 16;
    let green = (light + greenOfU[u]! + greenOfV[v]!) >> 16;
    let blue = (light + blueOfU[u]!) >> 16;
    const leftRed = red < 0 ? 0 : red > 255 ? 255 : red;
    const leftGreen = green < 0 ? 0 : green > 255 ? 255 : green;
    const leftBlue = blue < 0 ? 0 : blue > 255 ? 255 : blue;

    light = y[data[startY + right]!]!;
    u = data[startU + (right >> shift)]!;
    v = data[startV + (right >> shift)]!;
    red = (light + redOfV[v]!) >> 16;
    green = (light + greenOfU[u]! + greenOfV[v]!) >> 16;
    blue = (light + blueOfU[u]!) >> 16;
    out[at] = leftRed + ((red < 0 ? 0 : red > 255 ? 255 : red) - leftRed) * part;
    out[at + 1] = leftGreen + ((green < 0 ? 0 : green > 255 ? 255 : green) - leftGreen) * part;
    out[at + 2] = leftBlue + ((blue < 0 ? 0 : blue > 255 ? 255 : blue) - leftBlue) * part;
  }
}
