import type { YuvGains } from '../../preparation/colour.js';
import { yuvGains } from '../../preparation/colour.js';
import { chromaShift, planes, type Picture } from '../../preparation/picture.js';

/** One of the three values of a picture's pixels, wherever it lies. */
export interface Channel {
  data: Uint8Array;
  /** Byte of its first value. */
  offset: number;
  /** Bytes from one value to the next in its row. */
  step: number;
  widthPx: number;
  heightPx: number;
}

/** The channels of a picture, and how they become colours: absent for RGB. */
export interface Channels {
  widthPx: number;
  heightPx: number;
  /** Red, green and blue; or Y, U and V. */
  of: readonly [Channel, Channel, Channel];
  gains?: YuvGains;
}

export function channelsOf(picture: Picture): Channels {
  const { widthPx, heightPx, format, data } = picture;
  if (format === 'rgb24') {
    const channel = (offset: number): Channel => ({ data, offset, step: 3, widthPx, heightPx });
    return { widthPx, heightPx, of: [channel(0), channel(1), channel(2)] };
  }
  const [luma, chromaU, chromaV] = planes(picture, chromaShift(format));
  const channel = (plane: typeof luma): Channel => ({ data, step: 1, ...plane });
  return {
    widthPx,
    heightPx,
    of: [channel(luma), channel(chromaU), channel(chromaV)],
    gains: yuvGains(picture.colour),
  };
}

/** How a network wants its colours: (value / 255 − mean) / deviation, blue first. */
export interface Normalisation {
  /** Of blue, green and red. */
  mean: readonly [number, number, number];
  deviation: readonly [number, number, number];
}

/**
 * Writes three planes of `count` normalised values, blue first, from channel values 0–255. `out` holds `stride` values to each plane, from `at` on.
 * What YUV names outside of the colours there are is clipped, as every decoder does.
 */
export function normalise(
  values: readonly [Float32Array, Float32Array, Float32Array],
  count: number,
  gains: YuvGains | undefined,
  { mean, deviation }: Normalisation,
  out: Float32Array,
): void {
  const [first, second, third] = values;
  const scale = deviation.map((value) => 1 / (255 * value)) as [number, number, number];
  const shift = mean.map((value, index) => -value / (deviation[index] ?? 1)) as [number, number, number];
  for (let index = 0; index < count; index++) {
    let red = first[index] ?? 0;
    let green = second[index] ?? 0;
    let blue = third[index] ?? 0;
    if (gains !== undefined) {
      const light = (red - gains.black) * gains.luma;
      const u = green - 128;
      const v = blue - 128;
      red = clipped(light + gains.redOfV * v);
      green = clipped(light + gains.greenOfU * u + gains.greenOfV * v);
      blue = clipped(light + gains.blueOfU * u);
    }
    out[index] = blue * scale[0] + shift[0];
    out[count + index] = green * scale[1] + shift[1];
    out[2 * count + index] = red * scale[2] + shift[2];
  }
}

function clipped(value: number): number {
  return value < 0 ? 0 : value > 255 ? 255 : value;
}
