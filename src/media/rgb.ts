import type { Frame } from '../schema/frame.js';

/** The weights of red and blue in brightness, by ffmpeg's names of matrices; what names none is BT.601, as ffmpeg takes it. */
const WEIGHTS: Record<string, { red: number; blue: number }> = {
  bt709: { red: 0.2126, blue: 0.0722 },
  smpte240m: { red: 0.212, blue: 0.087 },
  fcc: { red: 0.3, blue: 0.11 },
  bt2020nc: { red: 0.2627, blue: 0.0593 },
  bt2020c: { red: 0.2627, blue: 0.0593 },
};
const BT601 = { red: 0.299, blue: 0.114 };

type Picture = Pick<Frame, 'widthPx' | 'heightPx' | 'format' | 'colour' | 'data'>;

/** The frame as packed 8-bit RGB for people to look at: colour of halved planes is repeated, not interpolated. */
export function toRgb({ widthPx, heightPx, format, colour, data }: Picture): Buffer {
  if (format === 'rgb24') return Buffer.from(data);
  const { red, blue } = WEIGHTS[colour.matrix ?? ''] ?? BT601;
  const isFull = colour.range === 'pc';
  const [scale, offset, chroma] = isFull ? [1, 0, 1] : [255 / 219, 16, 255 / 224];
  const [redOfV, blueOfU] = [2 * (1 - red) * chroma, 2 * (1 - blue) * chroma];
  const green = 1 - red - blue;
  const [greenOfU, greenOfV] = [(-blueOfU * blue) / green, (-redOfV * red) / green];
  const shift = format === 'yuv420p' ? 1 : 0;
  const chromaWidth = (widthPx + shift) >> shift;
  const uPlane = widthPx * heightPx;
  const vPlane = uPlane + chromaWidth * ((heightPx + shift) >> shift);
  const rgb = new Uint8ClampedArray(widthPx * heightPx * 3);
  for (let y = 0, out = 0; y < heightPx; y++) {
    for (let x = 0; x < widthPx; x++, out += 3) {
      const at = (y >> shift) * chromaWidth + (x >> shift);
      const brightness = ((data[y * widthPx + x] ?? 0) - offset) * scale;
      const u = (data[uPlane + at] ?? 0) - 128;
      const v = (data[vPlane + at] ?? 0) - 128;
      rgb[out] = brightness + redOfV * v;
      rgb[out + 1] = brightness + greenOfU * u + greenOfV * v;
      rgb[out + 2] = brightness + blueOfU * u;
    }
  }
  return Buffer.from(rgb.buffer);
}
