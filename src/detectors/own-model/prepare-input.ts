import type { Picture } from '../preparation/picture.js';
import { resample, type Resampling } from '../preparation/resample.js';
import { windowsOf } from '../preparation/windows.js';
import type { InputSpec, OnnxSpec, ResizeSpec } from './manifest.js';

/** To be raised with every change that can alter a prepared input: it is part of the detectors' digests. */
export const OWN_PREPARATION_VERSION = 1;

type Prepared = Pick<OnnxSpec, 'input' | 'resize'>;

/** Where the picture, or a part of it, comes to lie in the input. */
interface Placement {
  resampling: Resampling;
  left: number;
  top: number;
}

/** Sizes of pictures that a thread remembers the way of: as many as videos of different sizes may be classified at once. */
const CACHE_LIMIT = 64;

/** Fills `out`, of height × width × 3 values, with what the network expects for a picture. */
export function inputPreparation(spec: Prepared): (picture: Picture, out: Float32Array) => void {
  const known = new Map<string, Placement>();
  const { input, resize } = spec;
  return (picture, out) => {
    const key = `${picture.widthPx} ${picture.heightPx}`;
    const placement = known.get(key) ?? place(picture, spec);
    if (known.size >= CACHE_LIMIT) known.clear();
    known.set(key, placement);
    const { left, top, resampling } = placement;
    const size = { left, top, widthPx: resampling.across.length, heightPx: resampling.down.length };
    write(resample(picture, resampling), size, input, resize.pad, out);
  };
}

function place({ widthPx, heightPx }: Picture, { input, resize }: Prepared): Placement {
  const [width, height] = resizedTo({ widthPx, heightPx }, input, resize);
  const middle = (length: number, resized: number, wanted: number) => {
    const count = Math.min(resized, wanted);
    const offset = Math.floor((resized - count) / 2);
    return { windows: windowsOf({ length, resized, offset, count }, resize.filter), at: (wanted - count) >> 1 };
  };
  const across = middle(widthPx, width, input.widthPx);
  const down = middle(heightPx, height, input.heightPx);
  return { resampling: { across: across.windows, down: down.windows }, left: across.at, top: down.at };
}

/** Width and height that the whole picture is brought to. */
function resizedTo(
  { widthPx, heightPx }: Pick<Picture, 'widthPx' | 'heightPx'>,
  input: InputSpec,
  { fit, to = input }: ResizeSpec,
): [number, number] {
  if (fit === 'stretch') return [to.widthPx, to.heightPx];
  const ratios = [to.widthPx / widthPx, to.heightPx / heightPx];
  // Lengths are cut to whole pixels as torchvision does; the small addition keeps what is whole from becoming one less.
  const scaled = (length: number, ratio: number): number => Math.trunc(length * ratio + 1e-6);
  if (fit === 'cover') {
    const ratio = Math.max(...ratios);
    return [Math.max(to.widthPx, scaled(widthPx, ratio)), Math.max(to.heightPx, scaled(heightPx, ratio))];
  }
  const ratio = Math.min(...ratios);
  return [Math.max(1, scaled(widthPx, ratio)), Math.max(1, scaled(heightPx, ratio))];
}

/** Writes red, green and blue in turn in the network's order and scale; what lies around them has the level `pad`. */
function write(
  rgb: Uint8ClampedArray | Float32Array,
  { left, top, widthPx, heightPx }: { left: number; top: number; widthPx: number; heightPx: number },
  { widthPx: width, heightPx: height, layout, channels, scale, mean, std }: InputSpec,
  pad: number,
  out: Float32Array,
): void {
  const isPlanar = layout === 'NCHW';
  const [step, plane] = isPlanar ? [1, width * height] : [3, 1];
  for (const channel of [0, 1, 2] as const) {
    const from = channels === 'RGB' ? channel : 2 - channel;
    const value = (level: number): number => (level * scale - mean[channel]) / std[channel];
    if (widthPx < width || heightPx < height)
      for (let at = 0; at < width * height; at++) out[channel * plane + at * step] = value(pad);
    for (let y = 0, at = from; y < heightPx; y++)
      for (let x = 0; x < widthPx; x++, at += 3)
        out[channel * plane + ((top + y) * width + left + x) * step] = value(rgb[at] ?? 0);
  }
}
