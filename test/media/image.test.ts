import sharp from 'sharp';
import { blurJpeg, contactSheet, frameToJpeg } from '../../src/media/image.js';
import { captionPath } from '../../src/media/pixel-font.js';
import { toRgb } from '../../src/media/rgb.js';
import type { FrameFormat } from '../../src/schema/frame.js';
import { runFfmpeg, testPicture } from '../support/make-video.js';

const NO_COLOUR = { matrix: null, range: null };

function picture(format: string, filter: string, size = '64x48'): Buffer {
  const source = testPicture({ size, seconds: 0.04 });
  return runFfmpeg(...source, '-vf', `${filter},format=${format}`, '-f', 'rawvideo', '-');
}

test.each([
  ['yuv444p', 'bt601', 'tv', { matrix: 'smpte170m', range: 'tv' }],
  ['yuv444p', 'bt709', 'tv', { matrix: 'bt709', range: 'tv' }],
  ['yuv444p', 'bt709', 'pc', { matrix: 'bt709', range: 'pc' }],
  ['yuv444p', 'bt2020', 'tv', { matrix: 'bt2020nc', range: 'tv' }],
  ['yuv420p', 'bt601', 'tv', NO_COLOUR],
])('%s by %s in %s range becomes the RGB that it was made from', (format, matrix, range, colour) => {
  const rgb = picture('rgb24', 'format=rgb24');
  const yuv = picture(format, `format=rgb24,scale=out_color_matrix=${matrix}:out_range=${range}`);
  const back = toRgb({ widthPx: 64, heightPx: 48, format: format as FrameFormat, colour, data: yuv });
  const differences = [...back].map((value, index) => Math.abs(value - (rgb[index] ?? 0))).sort((a, b) => a - b);
  // Halved colour differs at edges; elsewhere only rounding does.
  expect(differences[Math.floor(differences.length * (format === 'yuv444p' ? 0.99 : 0.7))]).toBeLessThanOrEqual(4);
});

test('a frame of odd size becomes a JPEG of that size', async () => {
  const data = picture('yuv420p', 'scale=125:97');
  const frame = { widthPx: 125, heightPx: 97, format: 'yuv420p' as const, colour: NO_COLOUR, data };
  const jpeg = await frameToJpeg(frame);
  expect(await sharp(jpeg.bytes).metadata()).toMatchObject({ format: 'jpeg', width: 125, height: 97 });
  expect(await frameToJpeg(frame, 50)).toMatchObject({ widthPx: 50, heightPx: 39 });
});

test('blurring keeps the size and leaves no edge', async () => {
  const raw = picture('rgb24', 'format=rgb24', '640x480');
  const { bytes } = await frameToJpeg({ widthPx: 640, heightPx: 480, format: 'rgb24', colour: NO_COLOUR, data: raw });
  const blurred = await blurJpeg(bytes);
  expect(await sharp(blurred).metadata()).toMatchObject({ width: 640, height: 480 });
  const steepest = async (jpeg: Buffer): Promise<number> => {
    const grey = await sharp(jpeg).greyscale().raw().toBuffer();
    let most = 0;
    for (let at = 1; at < grey.length; at++)
      if (at % 640 !== 0) most = Math.max(most, Math.abs((grey[at] ?? 0) - (grey[at - 1] ?? 0)));
    return most;
  };
  expect(await steepest(bytes)).toBeGreaterThan(100);
  expect(await steepest(blurred)).toBeLessThan(12);
});

test('a contact sheet holds all pictures and their captions', async () => {
  const green = await sharp({ create: { width: 100, height: 300, channels: 3, background: '#00ff00' } })
    .jpeg()
    .toBuffer();
  const sheet = await contactSheet(
    Array.from({ length: 5 }, () => ({ jpeg: green, caption: '0:07 porn 97.3%' })),
    2,
  );
  const { data, info } = await sharp(sheet).raw().toBuffer({ resolveWithObject: true });
  expect(info).toMatchObject({ width: 2 * 328 + 8, height: 3 * 216 + 8 });
  const at = (x: number, y: number): number[] => [
    ...data.subarray((y * info.width + x) * 3, (y * info.width + x) * 3 + 3),
  ];
  for (const [column, row] of [
    [0, 0],
    [1, 0],
    [0, 1],
    [1, 1],
    [0, 2],
  ] as const) {
    const [red = 0, g = 0] = at(8 + column * 328 + 160, 8 + row * 216 + 90);
    expect([red < 20, g > 230]).toEqual([true, true]);
  }
  expect(Math.max(...at(8 + 328 + 160, 8 + 2 * 216 + 90))).toBeLessThan(60);
  const caption = await sharp(sheet)
    .extract({ left: 8, top: 8 + 180, width: 320, height: 28 })
    .greyscale()
    .stats();
  expect(caption.channels[0]?.max).toBeGreaterThan(180);
});

test('captions are drawn without a font', () => {
  expect(captionPath('1')).toBe(captionPath('1 '));
  expect(captionPath('porn')).toBe(captionPath('PORN'));
  expect(captionPath('€')).toBe('');
  // Every glyph differs from every other.
  const characters = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ.:%-+/';
  expect(new Set(Array.from(characters, captionPath)).size).toBe(characters.length);
});
