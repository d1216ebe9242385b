import sharp from 'sharp';
import { runFfmpeg } from '../support/make-video.js';
import { samplePath } from '../support/installation.js';
import {
  at,
  BLUE,
  cornered,
  expectColour,
  openStills,
  RED,
  WHITE,
  type Colour,
  type Stills,
} from '../support/stills.js';

let stills: Stills;
beforeAll(() => {
  stills = openStills();
});
afterAll(() => {
  stills.remove();
});

/** Where the upper left corner of what is stored is displayed, by EXIF orientation: right, bottom. */
const ORIENTATIONS: [number, boolean, boolean, boolean][] = [
  [1, false, false, false],
  [2, true, false, false],
  [3, true, true, false],
  [4, false, true, false],
  [5, false, false, true],
  [6, true, false, true],
  [7, true, true, true],
  [8, false, true, true],
];
test.each(ORIENTATIONS)(
  'orientation %d of EXIF is displayed as cameras mean it',
  async (orientation, right, bottom, turned) => {
    const bytes = await cornered().jpeg({ chromaSubsampling: '4:4:4' }).withMetadata({ orientation }).toBuffer();
    const path = stills.file(`turned-${orientation}.jpg`, bytes);
    const [width, height] = turned ? [32, 64] : [64, 32];
    expect(await stills.infoOf(path)).toMatchObject({ widthPx: width, heightPx: height });
    const frame = await stills.frameOf(path);
    expect([frame.widthPx, frame.heightPx, frame.format]).toEqual([width, height, 'rgb24']);
    const place = (isRight: boolean, isBottom: boolean): [number, number] => [
      isRight ? width - 4 : 4,
      isBottom ? height - 4 : 4,
    ];
    expectColour(frame, place(right, bottom), BLUE);
    expectColour(frame, place(!right, bottom), RED);
    expectColour(frame, place(right, !bottom), RED);
  },
);

test('CMYK is shown in its colours', async () => {
  const bytes = await cornered().toColourspace('cmyk').jpeg({ quality: 95, chromaSubsampling: '4:4:4' }).toBuffer();
  expect((await sharp(bytes).metadata()).space).toBe('cmyk');
  const frame = await stills.frameOf(stills.file('cmyk.jpg', bytes));
  const [red, blue] = [at(frame, 60, 28), at(frame, 4, 4)];
  // Inks reach neither pure red nor pure blue.
  expect(red[0]).toBeGreaterThan(180);
  expect(Math.max(red[1] ?? 255, red[2] ?? 255)).toBeLessThan(90);
  expect(blue[2]).toBeGreaterThan(110);
  expect(Math.max(blue[0] ?? 255, (blue[1] ?? 255) - 40)).toBeLessThan(90);
});

test('16 bits a channel become 8 by their upper half', async () => {
  const levels = Uint16Array.from({ length: 64 * 4 * 3 }, (_, index) => (Math.floor(index / 3) % 64) * 1040);
  const bytes = await sharp(levels, { raw: { width: 64, height: 4, channels: 3 } })
    .toColourspace('rgb16')
    .png()
    .toBuffer();
  expect((await sharp(bytes).metadata()).depth).toBe('ushort');
  const frame = await stills.frameOf(stills.file('deep.png', bytes));
  for (const x of [0, 1, 31, 63])
    for (const level of at(frame, x, 1)) expect(Math.abs(level - (x * 1040) / 257)).toBeLessThanOrEqual(1.5);
});

test('what is transparent is shown over white, in part or in whole, with 8 bits and with 16', async () => {
  const pixels = Buffer.from([255, 0, 0, 255, 255, 0, 0, 128, 255, 0, 0, 0]);
  const picture = sharp(pixels, { raw: { width: 3, height: 1, channels: 4 } });
  for (const [name, made] of [
    ['alpha.png', picture.clone().png()],
    ['alpha.webp', picture.clone().webp({ lossless: true })],
    ['deep-alpha.png', picture.clone().toColourspace('rgb16').png()],
  ] as const) {
    const frame = await stills.frameOf(stills.file(name, await made.toBuffer()));
    expectColour(frame, [0, 0], RED, 2);
    expectColour(frame, [1, 0], [255, 127, 127], 2);
    expectColour(frame, [2, 0], WHITE, 2);
  }
});

test('grey, palettes and single bits are RGB like everything else', async () => {
  const grey = await stills.frameOf(stills.file('grey.png', await cornered().greyscale().png().toBuffer()));
  expect(new Set(at(grey, 4, 4)).size).toBe(1);
  expectColour(
    await stills.frameOf(stills.file('palette.png', await cornered().png({ palette: true }).toBuffer())),
    [4, 4],
    BLUE,
  );
  const bit = await cornered()
    .greyscale()
    .threshold(50)
    .toColourspace('b-w')
    .png({ palette: true, colours: 2 })
    .toBuffer();
  expectColour(await stills.frameOf(stills.file('bit.png', bit)), [60, 28], WHITE);
});

test('BMP is shown the right way up', async () => {
  const png = stills.file('for-bmp.png', await cornered().png().toBuffer());
  const path = stills.path('cornered.bmp');
  runFfmpeg('-i', png, '-pix_fmt', 'bgr24', path);
  const frame = await stills.frameOf(path);
  expectColour(frame, [4, 4], BLUE);
  expectColour(frame, [4, 28], RED);
});

describe('the frames of an animation', () => {
  const COLOURS: Colour[] = [RED, BLUE, WHITE];
  async function animation(format: 'gif' | 'webp'): Promise<string> {
    const frames = await Promise.all(
      COLOURS.map(([r, g, b]) =>
        sharp({ create: { width: 40, height: 20, channels: 3, background: { r, g, b } } })
          .png()
          .toBuffer(),
      ),
    );
    const joined = sharp(frames, { join: { animated: true } });
    const bytes = await (format === 'gif' ? joined.gif() : joined.webp({ lossless: true })).toBuffer();
    return stills.file(`animation.${format}`, bytes);
  }
  test.each(['gif', 'webp'] as const)('are looked at one by one in %s', async (format) => {
    const path = await animation(format);
    expect(await stills.infoOf(path)).toMatchObject({ kind: 'animated', frameCount: 3, widthPx: 40, heightPx: 20 });
    for (const [index, colour] of COLOURS.entries()) expectColour(await stills.frameOf(path, index), [20, 10], colour);
  });

  test('show what lies under those that change a part only', async () => {
    const path = samplePath('newtonscradle.gif');
    const { frameCount } = await stills.infoOf(path);
    expect(frameCount).toBeGreaterThan(10);
    const [first, later] = [await stills.frameOf(path, 0), await stills.frameOf(path, 7)];
    const changed = first.data.filter((level, index) => Math.abs(level - (later.data[index] ?? 0)) > 32).length;
    expect(changed).toBeGreaterThan(0);
    expect(changed).toBeLessThan(first.data.length / 4);
  });
});

test('a long image is looked at in squares, the last of which ends with it, when more than one frame is asked for', async () => {
  const data = Buffer.alloc(20 * 70 * 3);
  for (let y = 0; y < 70; y++) for (let x = 0; x < 20; x++) data.set(y < 60 ? RED : BLUE, (y * 20 + x) * 3);
  const path = stills.file(
    'long.png',
    await sharp(data, { raw: { width: 20, height: 70, channels: 3 } })
      .png()
      .toBuffer(),
  );
  expect(await stills.infoOf(path, 1)).toMatchObject({ kind: 'still', frameCount: 1 });
  expect(await stills.infoOf(path, 10)).toMatchObject({ kind: 'long', frameCount: 4 });
  const last = await stills.frameOf(path, 3, 10);
  expect([last.widthPx, last.heightPx]).toEqual([20, 20]);
  expectColour(last, [10, 5], RED);
  expectColour(last, [10, 15], BLUE);
});
