/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices lie inside by construction, and a check for each pixel would cost a fifth of the speed */
import { TRUNCATION_BIAS, yuvGains, type YuvGains } from './colour.js';
import { chromaShift, planes, type Picture } from './picture.js';
import { CROP, MEANS } from './pillow-windows.js';
import { LEVEL_PARTS, shrinking, shrinkPlane } from './shrink-plane.js';

/*
 * Pillow's resize on YUV: each plane is shrunk first, and only what is left is converted. Against resizing the converted frame this differs by
 * rounding and where colours are clipped; on real frames by a quarter of a level in the mean.
 */

const LEVEL = 1 / LEVEL_PARTS;

const shrunk = [0, 1, 2].map(() => new Int32Array(CROP * CROP));

/** Fills `out` with BGR less the means, NHWC. */
export function pillowPlanes(picture: Picture, format: 'yuv420p' | 'yuv444p', out: Float32Array): void {
  const shift = chromaShift(format);
  planes(picture, shift).forEach((plane, index) => {
    const halve = index > 0 && shift === 1;
    const across = shrinking(picture.widthPx, halve);
    const down = shrinking(picture.heightPx, halve);
    shrinkPlane(picture.data, plane, across, down, shrunk[index]!);
  });
  const bias = format === 'yuv420p' ? TRUNCATION_BIAS : { red: 0, green: 0, blue: 0 };
  const [planeY, planeU, planeV] = shrunk as [Int32Array, Int32Array, Int32Array];
  convert(planeY, planeU, planeV, yuvGains(picture.colour), bias, out);
}

function convert(
  planeY: Int32Array,
  planeU: Int32Array,
  planeV: Int32Array,
  { black, luma, redOfV, greenOfU, greenOfV, blueOfU }: YuvGains,
  bias: { red: number; green: number; blue: number },
  out: Float32Array,
): void {
  const { red: redBias, green: greenBias, blue: blueBias } = bias;
  for (let index = 0, at = 0; index < planeY.length; index++, at += 3) {
    const light = (planeY[index]! * LEVEL - black) * luma;
    const u = planeU[index]! * LEVEL - 128;
    const v = planeV[index]! * LEVEL - 128;
    out[at] = clipped(light + blueOfU * u + blueBias) - MEANS.blue;
    out[at + 1] = clipped(light + greenOfU * u + greenOfV * v + greenBias) - MEANS.green;
    out[at + 2] = clipped(light + redOfV * v + redBias) - MEANS.red;
  }
}

function clipped(value: number): number {
  return value < 0 ? 0 : value > 255 ? 255 : value;
}
