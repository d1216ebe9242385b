import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { bilinearAlignCorners } from '../../../src/detectors/preparation/bilinear-align-corners.js';
import { yuvTables } from '../../../src/detectors/preparation/colour.js';
import { halved, pillowWindows, wholeParts } from '../../../src/detectors/preparation/pillow-windows.js';
import { INPUT_LENGTH } from '../../../src/detectors/preparation/prepare.js';
import { LEVEL_PARTS, shrinking, shrinkPlane } from '../../../src/detectors/preparation/shrink-plane.js';
import { ROOT } from '../../support/build.js';

describe('bilinear with aligned corners, on YUV', () => {
  const MATRICES = [
    { matrix: null, range: null },
    { matrix: 'bt709', range: 'pc' },
  ] as const;

  it.each([
    [1280, 720, 'yuv444p'],
    [641, 359, 'yuv420p'],
    [37, 500, 'yuv420p'],
    [1, 1, 'yuv444p'],
    [2, 3, 'yuv420p'],
  ] as const)(
    'of %s × %s as %s is what four pixels converted one by one give, to the bit',
    (widthPx, heightPx, format) => {
      const shift = format === 'yuv420p' ? 1 : 0;
      const [chromaWidth, chromaHeight] = [(widthPx + shift) >> shift, (heightPx + shift) >> shift];
      const chroma = widthPx * heightPx;
      const length = chroma + 2 * chromaWidth * chromaHeight;
      const data = Uint8Array.from({ length }, (_, index) => (index * index * 31 + index * 7) % 256);
      const along = (size: number, index: number): { low: number; high: number; share: number } => {
        const at = Math.fround(Math.fround((size - 1) / 223) * index);
        const low = Math.min(Math.floor(at), size - 1);
        return { low, high: Math.min(Math.ceil(at), size - 1), share: at - low };
      };
      for (const colour of MATRICES) {
        const { y, u, v } = yuvTables(colour, format);
        const level = (row: number, column: number, channel: number): number => {
          const place = chroma + (row >> shift) * chromaWidth + (column >> shift);
          const light = y[data[row * widthPx + column] ?? NaN] ?? NaN;
          const ofU = u[4 * (data[place] ?? NaN) + channel] ?? NaN;
          const ofV = v[4 * (data[place + chromaWidth * chromaHeight] ?? NaN) + channel] ?? NaN;
          return Math.max(0, Math.min(255, (light + ofU + ofV) >> 16));
        };
        const between = (from: number, to: number, share: number): number => from + (to - from) * share;
        const ours = new Float32Array(INPUT_LENGTH).fill(NaN);
        bilinearAlignCorners({ widthPx, heightPx, format, colour, data }, ours);
        const wrong = ours.findIndex((value, index) => {
          const [row, column] = [along(heightPx, Math.floor(index / 672)), along(widthPx, Math.floor(index / 3) % 224)];
          const [above, below] = [row.low, row.high].map((at) =>
            between(level(at, column.low, index % 3), level(at, column.high, index % 3), column.share),
          ) as [number, number];
          return value !== Math.fround(between(above, below, row.share) / 255);
        });
        expect(wrong).toBe(-1);
      }
    },
  );
});

describe('a plane shrunk', () => {
  it.each([
    [1280, 720, false],
    [640, 360, true],
    [319, 181, false],
    [960, 540, true],
    [4096, 2304, false],
    [13, 300, false],
    [5, 4, true],
    [1, 1, false],
  ])(
    'of %s × %s (half of the picture: %s) is the sum of its weighted pixels, to the bit',
    (widthPx, heightPx, halve) => {
      const before = 3;
      const data = Uint8Array.from(
        { length: before + widthPx * heightPx },
        (_, index) => (index * index * 31 + index) % 256,
      );
      const [wholeWidth, wholeHeight] = halve ? [2 * widthPx, 2 * heightPx] : [widthPx, heightPx];
      const windows = (length: number) => (halve ? halved(pillowWindows(length)) : pillowWindows(length));
      const parts = (length: number, total: number) =>
        windows(length).map(({ start, shares }) => ({ start, weights: wholeParts(shares, total) }));
      const columns = parts(wholeWidth, 1 << 14);
      const expected = parts(wholeHeight, 1 << 8).flatMap((row) =>
        columns.map((column) => {
          let sum = 0;
          row.weights.forEach((down, y) => {
            column.weights.forEach((across, x) => {
              const pixel = data[before + (row.start + y) * widthPx + column.start + x] ?? NaN;
              sum += pixel * down * across;
            });
          });
          return sum;
        }),
      );
      const out = new Int32Array(224 * 224);
      const plane = { offset: before, widthPx, heightPx };
      shrinkPlane(data, plane, shrinking(wholeWidth, halve), shrinking(wholeHeight, halve), out);
      expect(expected.findIndex((sum, index) => sum !== out[index])).toBe(-1);
    },
  );

  it('of white is white: no sum is too large for its bits', () => {
    const plane = { offset: 0, widthPx: 500, heightPx: 400 };
    const out = new Int32Array(224 * 224);
    shrinkPlane(new Uint8Array(500 * 400).fill(255), plane, shrinking(500, false), shrinking(400, false), out);
    expect(new Set(out)).toEqual(new Set([255 * LEVEL_PARTS]));
  });
});

test('the kernels are, byte for byte, what their sources compile to', async () => {
  const script = join(ROOT, 'scripts', 'kernels-build.mjs');
  const { stdout } = await promisify(execFile)(process.execPath, [script, '--check']);
  expect(stdout).toMatch(/kernels\/bilinear\.wasm.*\n.*kernels\/shrink-plane\.wasm/);
});
