import { yuvGains } from '../preparation/colour.js';
import type { Picture } from '../preparation/picture.js';

/** Brightness on a grid, row by row, in levels of 0–255. */
export interface SmallLuma {
  width: number;
  height: number;
  levels: Float32Array;
}

/** Rows of pixels read of each field, spread over it: more make no difference to an edge map, and reading is what takes the time. */
const ROWS_READ = 2;

/** The mean brightness of each field of a grid laid over the picture, of all columns and two rows of it. The grid must not be finer than the picture. */
export function smallLuma(picture: Picture, width: number, height: number): SmallLuma {
  const { widthPx, heightPx, format, data } = picture;
  const sums = new Float32Array(width * height);
  const columns = bounds(widthPx, width);
  const rows = bounds(heightPx, height);
  const addRow = format === 'rgb24' ? addRgb : addLuma;
  const stride = format === 'rgb24' ? widthPx * 3 : widthPx;
  for (let y = 0; y < height; y++) {
    const target = sums.subarray(y * width, (y + 1) * width);
    const top = rows[y] ?? 0;
    const deep = (rows[y + 1] ?? 0) - top;
    const read = Math.min(deep, ROWS_READ);
    for (let nth = 0; nth < read; nth++)
      addRow(data, (top + Math.floor(((nth + 0.5) * deep) / read)) * stride, columns, target);
  }
  const { black, luma } = format === 'rgb24' ? { black: 0, luma: 1 } : yuvGains(picture.colour);
  for (let y = 0; y < height; y++) {
    const deep = Math.min(ROWS_READ, (rows[y + 1] ?? 0) - (rows[y] ?? 0));
    for (let x = 0; x < width; x++) {
      const index = y * width + x;
      const fields = deep * ((columns[x + 1] ?? 0) - (columns[x] ?? 0));
      sums[index] = luma * ((sums[index] ?? 0) / fields - black);
    }
  }
  return { width, height, levels: sums };
}

/** The first pixel of each field, and the end of the last one. */
function bounds(pixels: number, fields: number): Uint32Array {
  return Uint32Array.from({ length: fields + 1 }, (_, field) => Math.floor((field * pixels) / fields));
}

function addLuma(data: Uint8Array, offset: number, columns: Uint32Array, target: Float32Array): void {
  let x = 0;
  for (let field = 0; field < target.length; field++) {
    const end = columns[field + 1] ?? 0;
    let sum = 0;
    for (; x < end; x++) sum += data[offset + x] ?? 0;
    target[field] = (target[field] ?? 0) + sum;
  }
}

/** With the shares that red, green and blue have in the luma of BT.601. */
function addRgb(data: Uint8Array, offset: number, columns: Uint32Array, target: Float32Array): void {
  let at = offset;
  for (let field = 0; field < target.length; field++) {
    const end = offset + 3 * (columns[field + 1] ?? 0);
    let sum = 0;
    for (; at < end; at += 3)
      sum += 0.299 * (data[at] ?? 0) + 0.587 * (data[at + 1] ?? 0) + 0.114 * (data[at + 2] ?? 0);
    target[field] = (target[field] ?? 0) + sum;
  }
}
