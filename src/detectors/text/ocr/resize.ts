/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices lie inside by construction, and a check for each pixel would cost a fifth of the speed */
import type { Channel } from './channels.js';

/** Which source values make each of a line's new ones: `taps` each, from `first` on, with weights whose sum is 1. */
interface Windows {
  taps: number;
  first: Int32Array;
  weights: Float32Array;
}

const cache = new Map<string, Windows>();
/** Lengths that a thread remembers: as many as videos of different sizes may be read at once. */
const CACHE_LIMIT = 64;

/** A triangle that widens as the picture shrinks, so that thin strokes grow faint and do not vanish; bilinear where it grows. */
function windows(from: number, to: number): Windows {
  const key = `${from} ${to}`;
  const known = cache.get(key);
  if (known !== undefined) return known;
  if (cache.size >= CACHE_LIMIT) cache.clear();
  const scale = from / to;
  const support = Math.max(1, scale);
  const taps = Math.min(from, Math.ceil(2 * support) + 1);
  const first = new Int32Array(to);
  const weights = new Float32Array(to * taps);
  for (let index = 0; index < to; index++) {
    const centre = (index + 0.5) * scale - 0.5;
    const start = Math.min(Math.max(0, Math.ceil(centre - support)), from - taps);
    first[index] = start;
    let sum = 0;
    for (let tap = 0; tap < taps; tap++) sum += Math.max(0, 1 - Math.abs(start + tap - centre) / support);
    for (let tap = 0; tap < taps; tap++)
      weights[index * taps + tap] =
        sum === 0 ? 1 / taps : Math.max(0, 1 - Math.abs(start + tap - centre) / support) / sum;
  }
  const computed = { taps, first, weights };
  cache.set(key, computed);
  return computed;
}

let narrow = new Float32Array();

/** The channel brought to this size, values 0–255; `out` holds width × height of them. */
export function resize(channel: Channel, widthPx: number, heightPx: number, out: Float32Array): void {
  const { data, offset, step } = channel;
  const rowBytes = channel.widthPx * step;
  const down = windows(channel.heightPx, heightPx);
  const across = windows(channel.widthPx, widthPx);
  if (narrow.length < channel.widthPx) narrow = new Float32Array(channel.widthPx);
  for (let y = 0; y < heightPx; y++) {
    sumRows(data, offset + down.first[y]! * rowBytes, rowBytes, step, channel.widthPx, down, y, narrow);
    sumColumns(narrow, across, widthPx, out, y * widthPx);
  }
}

function sumRows(
  data: Uint8Array,
  start: number,
  rowBytes: number,
  step: number,
  width: number,
  { taps, weights }: Windows,
  y: number,
  out: Float32Array,
): void {
  out.fill(0, 0, width);
  for (let tap = 0; tap < taps; tap++) {
    const weight = weights[y * taps + tap]!;
    if (weight === 0) continue;
    for (let x = 0, at = start + tap * rowBytes; x < width; x++, at += step) out[x]! += data[at]! * weight;
  }
}

function sumColumns(
  row: Float32Array,
  { taps, first, weights }: Windows,
  width: number,
  out: Float32Array,
  at: number,
): void {
  for (let x = 0, weight = 0; x < width; x++, at++) {
    const start = first[x]!;
    let sum = 0;
    for (let tap = 0; tap < taps; tap++, weight++) sum += row[start + tap]! * weights[weight]!;
    out[at] = sum;
  }
}
