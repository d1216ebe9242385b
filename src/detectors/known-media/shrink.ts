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
  out.fill(0);
  for (let row = 0; row < SIDE; row++) {
    for (let tap = 0; tap < down.width; tap++) {
      const weight = down.weights[row * down.width + tap]! / (WEIGHT_ONE * WEIGHT_ONE);
      if (weight === 0) continue;
      const line = (top + down.starts[row]! + tap) * widthPx + left;
      for (const { offset, step, share } of channels)
        addRow(data, offset + line * step, step, across, weight * share, out, row * SIDE);
    }
  }
}

function channelsOf({ format, colour }: Picture): Channel[] {
  if (format !== 'rgb24') return [{ offset: 0, step: 1, share: yuvGains(colour).luma }];
  return [LUMA.red, LUMA.green, LUMA.blue].map((share, offset) => ({ offset, step: 3, share }));
}

/** Everything is an argument or local: variables of an enclosing function cost a third more. */
function addRow(
  data: Uint8Array,
  start: number,
  step: number,
  { starts, width, weights }: Tent,
  weight: number,
  out: Float64Array,
  at: number,
): void {
  for (let index = 0, slot = 0; index < SIDE; index++) {
    let sum = 0;
    let pixel = start + starts[index]! * step;
    for (let tap = 0; tap < width; tap++, slot++, pixel += step) {
      sum = (sum + imul(weights[slot]!, data[pixel]!)) | 0;
    }
    out[at + index]! += weight * sum;
  }
}
