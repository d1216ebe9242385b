import * as tf from '@tensorflow/tfjs';
import { INPUT_LENGTH, PREPARATIONS } from '../../../src/detectors/preparation/prepare.js';
import type { Picture } from '../../../src/detectors/preparation/picture.js';
import type { Resample } from '../../../src/detectors/detector.js';
import { clipFrames } from '../../../bench/reference/frames.js';

tf.enableProdMode();

const METHODS = Object.keys(PREPARATIONS) as Resample[];

function prepared(method: Resample, picture: Picture): Float32Array {
  const out = new Float32Array(INPUT_LENGTH).fill(NaN);
  PREPARATIONS[method](picture, out);
  return out;
}

/** Mean and largest difference, in levels of 8 bits. */
function apart(method: Resample, a: Picture, b: Picture): { mean: number; max: number } {
  const scale = method === 'bilinear-align-corners' ? 255 : 1;
  const other = prepared(method, b);
  const differences = prepared(method, a).map((value, index) => Math.abs(value - (other[index] ?? NaN)) * scale);
  return {
    mean: differences.reduce((sum, value) => sum + value, 0) / differences.length,
    max: differences.reduce((max, value) => Math.max(max, value), 0),
  };
}

/** A picture of one colour. */
function plain(
  format: Picture['format'],
  widthPx: number,
  heightPx: number,
  values: [number, number, number],
  colour: Picture['colour'],
): Picture {
  if (format === 'rgb24') {
    const data = Uint8Array.from({ length: widthPx * heightPx * 3 }, (_, index) => values[index % 3] ?? 0);
    return { widthPx, heightPx, format, colour, data };
  }
  const shift = format === 'yuv420p' ? 1 : 0;
  const chroma = ((widthPx + shift) >> shift) * ((heightPx + shift) >> shift);
  const data = new Uint8Array(widthPx * heightPx + 2 * chroma);
  data.fill(values[0], 0, widthPx * heightPx);
  data.fill(values[1], widthPx * heightPx, widthPx * heightPx + chroma);
  data.fill(values[2], widthPx * heightPx + chroma);
  return { widthPx, heightPx, format, colour, data };
}

const unknown = { matrix: null, range: null };

describe('bilinear with aligned corners', () => {
  it.each([
    [300, 500],
    [1280, 720],
    [100, 31],
    [1, 1],
  ])('is what TensorFlow.js makes of a picture of %s × %s', (widthPx, heightPx) => {
    const data = Uint8Array.from({ length: widthPx * heightPx * 3 }, (_, index) => (index * index * 31 + index) % 251);
    const expected = tf.tidy(() => {
      const picture = tf
        .tensor3d(Int32Array.from(data), [heightPx, widthPx, 3], 'int32')
        .toFloat()
        .div<tf.Tensor3D>(255);
      return tf.image.resizeBilinear(picture, [224, 224], true).dataSync();
    });
    const ours = prepared('bilinear-align-corners', { widthPx, heightPx, format: 'rgb24', colour: unknown, data });
    const worst = ours.reduce((max, value, index) => Math.max(max, Math.abs(value - (expected[index] ?? NaN))), 0);
    expect(worst).toBeLessThan(2e-4);
  });

  it.each(['chair-orig-22-sd-bar.mp4', 'cockatoo.mp4'])(
    'sees in YUV what ffmpeg makes of it as RGB (%s)',
    async (clip) => {
      const [native] = (await clipFrames(`samples/${clip}`, { count: 1 })).frames;
      const [rgb] = (await clipFrames(`samples/${clip}`, { format: 'rgb24', count: 1 })).frames;
      if (native === undefined || rgb === undefined) throw new Error('Expected frames.');
      const { mean, max } = apart('bilinear-align-corners', native, rgb);
      expect(max).toBeLessThanOrEqual(1.001);
      expect(mean).toBeLessThan(0.01);
    },
  );
});

describe('Pillow’s bilinear', () => {
  it.each(['chair-orig-22-sd-bar.mp4', 'cockatoo.mp4'])(
    'on YUV differs from it on RGB by rounding (%s)',
    async (clip) => {
      const [native] = (await clipFrames(`samples/${clip}`, { count: 1 })).frames;
      const [rgb] = (await clipFrames(`samples/${clip}`, { format: 'rgb24', count: 1 })).frames;
      if (native === undefined || rgb === undefined) throw new Error('Expected frames.');
      expect(apart('pillow-bilinear', native, rgb).mean).toBeLessThan(0.5);
    },
  );

  it.each([
    [322, 242],
    [641, 359],
    [1278, 718],
    [90, 50],
    [7, 5],
  ])('on YUV of %s × %s, whose rows begin anywhere, gives the same as on RGB', async (widthPx, heightPx) => {
    const scale = `scale=${widthPx}:${heightPx}`;
    const [native] = (await clipFrames('samples/cockatoo.mp4', { format: 'yuv444p', scale, count: 1 })).frames;
    if (native === undefined) throw new Error('Expected a frame.');
    const { mean } = apart('pillow-bilinear', native, asRgb(native));
    expect(mean).toBeLessThan(0.5);
  });
});

/** Converts 4:4:4 of BT.601, limited range, pixel by pixel in floats. */
function asRgb({ widthPx, heightPx, data }: Picture): Picture {
  const size = widthPx * heightPx;
  const rgb = new Uint8ClampedArray(size * 3);
  for (let pixel = 0; pixel < size; pixel++) {
    const y = (((data[pixel] ?? 0) - 16) * 255) / 219;
    const u = (((data[size + pixel] ?? 0) - 128) * 255) / 224;
    const v = (((data[2 * size + pixel] ?? 0) - 128) * 255) / 224;
    rgb.set([y + 1.402 * v, y - 0.344136 * u - 0.714136 * v, y + 1.772 * u], pixel * 3);
  }
  return { widthPx, heightPx, format: 'rgb24', colour: unknown, data: new Uint8Array(rgb.buffer) };
}

describe.each(METHODS)('the colours of %s', (method) => {
  const middle = (picture: Picture): number[] => {
    const at = (112 * 224 + 112) * 3;
    const values = Array.from(prepared(method, picture).slice(at, at + 3));
    if (method === 'bilinear-align-corners') return values.map((value) => value * 255);
    return [(values[2] ?? NaN) + 123, (values[1] ?? NaN) + 117, (values[0] ?? NaN) + 104];
  };

  it.each([
    ['rgb24', unknown, [200, 100, 50], [200, 100, 50]],
    ['yuv444p', unknown, [81, 90, 240], [255, 0, 0]],
    ['yuv444p', { matrix: 'bt709', range: 'tv' }, [63, 102, 240], [255, 0, 0]],
    ['yuv444p', { matrix: 'bt2020nc', range: null }, [74, 97, 240], [255, 0, 0]],
    ['yuv444p', { matrix: 'smpte170m', range: 'pc' }, [76, 85, 255], [255, 0, 0]],
    ['yuv444p', { matrix: 'a new one', range: null }, [145, 54, 34], [0, 255, 0]],
    ['yuv420p', unknown, [41, 240, 110], [0, 0, 255]],
    ['yuv420p', unknown, [235, 128, 128], [255, 255, 255]],
    ['yuv420p', { matrix: null, range: 'pc' }, [128, 128, 128], [128, 128, 128]],
  ] as const)('%s %o %j is RGB %j', (format, colour, values, expected) => {
    for (const [widthPx, heightPx] of [
      [64, 36],
      [37, 51],
    ] as const) {
      const seen = middle(plain(format, widthPx, heightPx, [...values], colour));
      seen.forEach((value, channel) => {
        expect(Math.abs(value - (expected[channel] ?? NaN))).toBeLessThanOrEqual(2.5);
      });
    }
  });
});
