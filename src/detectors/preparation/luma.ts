/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices lie inside by construction, and a check for each pixel would cost a fifth of the speed */
import type { Picture } from './picture.js';

/** Shares of red, green and blue in luma, in 1/65536: ITU-R BT.601, which most pictures without a declared matrix follow. */
const RED = 19_595;
const GREEN = 38_470;
const BLUE = 7_471;

/**
 * Brightness of every pixel, rows without padding. YUV gives its own plane, not copied and in its own range (mostly 16–235); RGB is converted, 0–255:
 * only for what does not depend on a contrast being a seventh more or less.
 */
export function lumaOf({ widthPx, heightPx, format, data }: Picture): Uint8Array {
  const pixels = widthPx * heightPx;
  if (format !== 'rgb24') return data.subarray(0, pixels);
  const luma = new Uint8Array(pixels);
  for (let index = 0, at = 0; index < pixels; index++, at += 3)
    luma[index] = (data[at]! * RED + data[at + 1]! * GREEN + data[at + 2]! * BLUE + 32_768) >> 16;
  return luma;
}
