import fc from 'fast-check';
import { frameBytes } from '../../src/media/frame-format.js';
import { pictureDigest } from '../../src/media/picture-digest.js';
import { FRAME_FORMATS, type FrameFormat } from '../../src/schema/frame.js';

function picture(format: FrameFormat, widthPx: number, heightPx: number) {
  const data = new Uint8Array(new SharedArrayBuffer(frameBytes(format, widthPx, heightPx)));
  data.forEach((_, index) => (data[index] = (index * 31) % 251));
  return { format, widthPx, heightPx, colour: { matrix: null, range: null }, data };
}

const sizes = { widthPx: fc.integer({ min: 1, max: 70 }), heightPx: fc.integer({ min: 1, max: 70 }) };
const pictures = fc
  .record({ format: fc.constantFrom(...FRAME_FORMATS), ...sizes })
  .map(({ format, widthPx, heightPx }) => picture(format, widthPx, heightPx));

test('a copy of a picture has the same digest', () => {
  fc.assert(
    fc.property(pictures, (original) => {
      expect(pictureDigest({ ...original, data: Uint8Array.from(original.data) })).toBe(pictureDigest(original));
    }),
  );
});

test('a block of 16 by 16 that differs changes the digest, wherever it is', () => {
  fc.assert(
    fc.property(pictures, fc.nat(), fc.nat(), (original, x, y) => {
      const changed = { ...original, data: Uint8Array.from(original.data) };
      const left = Math.floor((x % original.widthPx) / 16) * 16;
      const top = Math.floor((y % original.heightPx) / 16) * 16;
      const perPixel = original.format === 'rgb24' ? 3 : 1;
      for (let row = top; row < Math.min(top + 16, original.heightPx); row++)
        for (let column = left; column < Math.min(left + 16, original.widthPx); column++)
          changed.data[(row * original.widthPx + column) * perPixel]! ^= 1;
      expect(pictureDigest(changed)).not.toBe(pictureDigest(original));
    }),
  );
});

test('colour alone changes the digest', () => {
  for (const format of ['yuv420p', 'yuv444p'] as const) {
    const original = picture(format, 64, 48);
    const changed = { ...original, data: Uint8Array.from(original.data) };
    for (let at = 64 * 48; at < changed.data.length; at++) changed.data[at]! ^= 1;
    expect(pictureDigest(changed)).not.toBe(pictureDigest(original));
  }
});

test('the same bytes in another shape are another picture', () => {
  const { data, ...tall } = picture('yuv444p', 32, 64);
  expect(pictureDigest({ ...tall, data })).not.toBe(pictureDigest({ ...tall, widthPx: 64, heightPx: 32, data }));
});
