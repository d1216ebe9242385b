/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices lie inside by construction, and a check for each pixel would cost a fifth of the speed */
import { yuvGains } from '../preparation/colour.js';
import type { Picture } from '../preparation/picture.js';
import { SIDE, tentOf, WEIGHT_ONE, type Tent } from './tent.js';

/** Looking a global up costs much where code runs in a context of its own, as in tests. */
const { imul } = Math;

/** Shares of red, green and blue in brightness, as PDQ's reference takes them (BT.601). */
const LUMA = { red: 0.299, green: 0.587, blue: 0.114 } as const;

/** A part of a picture, in pixels. */
export interface Part {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** Rows that one pass over the columns adds: it would take as long for each of them alone. */
const ROWS_AT_ONCE = 4;

/** One channel of a picture and what it counts. */
interface Channel {
  /** Byte of its first pixel. */
  offset: number;
  /** Bytes from one pixel to the next. */
  step: number;
  share: number;
}

/**
 * Brightness of a part of the picture, SIDE × SIDE values of 0–255 row by row, blurred and thinned as PDQ's reference does.
 * Of YUV the Y plane is all that is read: brightness up to a constant, which the hash does not depend on, for any stream that is converted with the
 * matrix that it was made with, and for every stream as vPDQ's reference converts it.
 */
export function shrink(picture: Picture, { left, top, width, height }: Part, out: Float64Array): void {
  const { widthPx, data } = picture;
  const channels = channelsOf(picture);
  const across = tentOf(width);
  const down = tentOf(height);
  const sums = new Int32Array(width);
  out.fill(0);
  for (const { offset, step, share } of channels) {
    for (let row = 0; row < SIDE; row++) {
      const start = offset + ((top + down.starts[row]!) * widthPx + left) * step;
      sums.fill(0);
      for (let tap = 0, slot = row * down.width; tap < down.width; tap += ROWS_AT_ONCE, slot += ROWS_AT_ONCE) {
        // Beyond the last tap nothing is added: the row read there counts 0.
        const line = (ahead: number): number => start + Math.min(tap + ahead, down.width - 1) * widthPx * step;
        const weight = (ahead: number): number => (tap + ahead < down.width ? down.weights[slot + ahead]! : 0);
        addRows(data, step, line(0), weight(0), line(1), weight(1), line(2), weight(2), line(3), weight(3), sums);
      }
      addAcross(sums, across, share / (WEIGHT_ONE * WEIGHT_ONE), out, row * SIDE);
    }
  }
}

function channelsOf({ format, colour }: Picture): Channel[] {
  if (format !== 'rgb24') return [{ offset: 0, step: 1, share: yuvGains(colour).luma }];
  return [LUMA.red, LUMA.green, LUMA.blue].map((share, offset) => ({ offset, step: 3, share }));
}

/** Everything is an argument or local: variables of an enclosing function cost a third more. */
function addRows(
  data: Uint8Array,
  step: number,
  a: number,
  weightA: number,
  b: number,
  weightB: number,
  c: number,
  weightC: number,
  d: number,
  weightD: number,
  sums: Int32Array,
): void {
  for (let column = 0, at = 0; column < sums.length; column++, at += step) {
    sums[column] =
      sums[column]! +
      imul(weightA, data[a + at]!) +
      imul(weightB, data[b + at]!) +
      imul(weightC, data[c + at]!) +
      imul(weightD, data[d + at]!);
  }
}

function addAcross(
  sums: Int32Array,
  { starts, width, weights }: Tent,
  share: number,
  out: Float64Array,
  at: number,
): void {
  for (let index = 0, slot = 0; index < SIDE; index++) {
    const start = starts[index]!;
    let sum = 0;
    for (let tap = 0; tap < width; tap++, slot++) sum += weights[slot]! * sums[start + tap]!;
    out[at + index]! += share * sum;
  }
}
