import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { readImageFrame, readImageInfo } from '../../src/media/still.js';
import type { Frame } from '../../src/schema/frame.js';
import type { ImageInfo } from '../../src/schema/image.js';
import { runFfmpeg } from '../support/make-video.js';
import { samplePath } from '../support/installation.js';

const RUN = {
  tools: { ffmpegPath: 'ffmpeg', ffprobePath: 'ffprobe', childrenDir: '', workDir: '' },
  signal: new AbortController().signal,
};

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'stills-'));
  RUN.tools = { ...RUN.tools, childrenDir: dir, workDir: dir };
});
afterAll(() => {
  rmSync(dir, { recursive: true });
});

function file(name: string, bytes: Uint8Array): string {
  const path = join(dir, name);
  writeFileSync(path, bytes);
  return path;
}

const infoOf = (path: string, maxFrames = 1): Promise<ImageInfo> =>
  readImageInfo(path, statSync(path).size, { maxFrames });

async function frameOf(path: string, frame = 0, maxFrames = 1): Promise<Frame> {
  return readImageFrame(path, await infoOf(path, maxFrames), { frame, sample: 0 }, RUN);
}

type Colour = [number, number, number];
const at = ({ widthPx, data }: Frame, x: number, y: number): number[] => [
  ...data.subarray((y * widthPx + x) * 3, (y * widthPx + x) * 3 + 3),
];

/** The pixel has about this colour. */
function expectColour(frame: Frame, [x, y]: [number, number], colour: Colour, most = 12): void {
  at(frame, x, y).forEach((level, channel) => {
    expect(Math.abs(level - (colour[channel] ?? NaN))).toBeLessThanOrEqual(most);
  });
}

const RED: Colour = [255, 0, 0];
const BLUE: Colour = [0, 0, 255];
const WHITE: Colour = [255, 255, 255];

/** 64 × 32, red with a blue quarter in the upper left corner, as RGB. */
function cornered(): sharp.Sharp {
  const data = Buffer.alloc(64 * 32 * 3);
  for (let y = 0; y < 32; y++) for (let x = 0; x < 64; x++) data.set(x < 32 && y < 16 ? BLUE : RED, (y * 64 + x) * 3);
  return sharp(data, { raw: { width: 64, height: 32, channels: 3 } });
}

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
    const path = file(`turned-${orientation}.jpg`, bytes);
    const [width, height] = turned ? [32, 64] : [64, 32];
    expect(await infoOf(path)).toMatchObject({ widthPx: width, heightPx: height });
    const frame = await frameOf(path);
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
  const frame = await frameOf(file('cmyk.jpg', bytes));
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
  const frame = await frameOf(file('deep.png', bytes));
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
    const frame = await frameOf(file(name, await made.toBuffer()));
    expectColour(frame, [0, 0], RED, 2);
    expectColour(frame, [1, 0], [255, 127, 127], 2);
    expectColour(frame, [2, 0], WHITE, 2);
  }
});

test('grey, palettes and single bits are RGB like everything else', async () => {
  const grey = await frameOf(file('grey.png', await cornered().greyscale().png().toBuffer()));
  expect(new Set(at(grey, 4, 4)).size).toBe(1);
  expectColour(await frameOf(file('palette.png', await cornered().png({ palette: true }).toBuffer())), [4, 4], BLUE);
  const bit = await cornered()
    .greyscale()
    .threshold(50)
    .toColourspace('b-w')
    .png({ palette: true, colours: 2 })
    .toBuffer();
  expectColour(await frameOf(file('bit.png', bit)), [60, 28], WHITE);
});

test('BMP is shown the right way up', async () => {
  const png = file('for-bmp.png', await cornered().png().toBuffer());
  const path = join(dir, 'cornered.bmp');
  runFfmpeg('-i', png, '-pix_fmt', 'bgr24', path);
  const frame = await frameOf(path);
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
    return file(`animation.${format}`, bytes);
  }
  test.each(['gif', 'webp'] as const)('are looked at one by one in %s', async (format) => {
    const path = await animation(format);
    expect(await infoOf(path)).toMatchObject({ kind: 'animated', frameCount: 3, widthPx: 40, heightPx: 20 });
    for (const [index, colour] of COLOURS.entries()) expectColour(await frameOf(path, index), [20, 10], colour);
  });

  test('show what lies under those that change a part only', async () => {
    const path = samplePath('newtonscradle.gif');
    const { frameCount } = await infoOf(path);
    expect(frameCount).toBeGreaterThan(10);
    const [first, later] = [await frameOf(path, 0), await frameOf(path, 7)];
    const changed = first.data.filter((level, index) => Math.abs(level - (later.data[index] ?? 0)) > 32).length;
    expect(changed).toBeGreaterThan(0);
    expect(changed).toBeLessThan(first.data.length / 4);
  });
});

test('a long image is looked at in squares, the last of which ends with it, when more than one frame is asked for', async () => {
  const data = Buffer.alloc(20 * 70 * 3);
  for (let y = 0; y < 70; y++) for (let x = 0; x < 20; x++) data.set(y < 60 ? RED : BLUE, (y * 20 + x) * 3);
  const path = file(
    'long.png',
    await sharp(data, { raw: { width: 20, height: 70, channels: 3 } })
      .png()
      .toBuffer(),
  );
  expect(await infoOf(path, 1)).toMatchObject({ kind: 'still', frameCount: 1 });
  expect(await infoOf(path, 10)).toMatchObject({ kind: 'long', frameCount: 4 });
  const last = await frameOf(path, 3, 10);
  expect([last.widthPx, last.heightPx]).toEqual([20, 20]);
  expectColour(last, [10, 5], RED);
  expectColour(last, [10, 15], BLUE);
});

/** As PNG sums up its chunks. */
function crc32(bytes: Uint8Array): number {
  let sum = ~0;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
  }
  return ~sum >>> 0;
}

/** A PNG whose head promises this many pixels; there is next to nothing behind it. */
function promisingPng(width: number, height: number): Buffer {
  const chunk = (type: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    sum.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, sum]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk('IHDR', head),
    chunk('IDAT', Buffer.alloc(16)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** A GIF whose canvas and only picture have this size, as far as its heads go. */
function promisingGif(width: number, height: number): Buffer {
  const head = Buffer.from('GIF89a\0\0\0\0\0\0\0', 'latin1');
  head.writeUInt16LE(width, 6);
  head.writeUInt16LE(height, 8);
  const image = Buffer.from([0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0x80, 0, 0, 0, 255, 255, 255, 2, 2, 0x44, 1, 0, 0x3b]);
  image.writeUInt16LE(width, 5);
  image.writeUInt16LE(height, 7);
  return Buffer.concat([head, image]);
}

/** A JPEG whose frame header promises this size. */
async function promisingJpeg(width: number, height: number): Promise<Buffer> {
  const bytes = await cornered().jpeg().toBuffer();
  const start = bytes.indexOf(Buffer.from([0xff, 0xc0]));
  bytes.writeUInt16BE(height, start + 5);
  bytes.writeUInt16BE(width, start + 7);
  return bytes;
}

/** A BMP whose head promises this size. */
function promisingBmp(width: number, height: number): Buffer {
  const bytes = Buffer.alloc(64);
  bytes.write('BM', 'latin1');
  bytes.writeUInt32LE(54, 10);
  bytes.writeUInt32LE(40, 14);
  bytes.writeInt32LE(width, 18);
  bytes.writeInt32LE(height, 22);
  bytes.writeUInt16LE(1, 26);
  bytes.writeUInt16LE(24, 28);
  return bytes;
}

const BOMBS: [string, string, () => Buffer | Promise<Buffer>][] = [
  ['a PNG of 400 million pixels', 'bomb.png', () => promisingPng(20_000, 20_000)],
  ['a PNG with a side of 30,001 pixels', 'wide.png', () => promisingPng(30_001, 1)],
  ['a PNG of the most pixels that its head can promise', 'most.png', () => promisingPng(0x7fffffff, 0x7fffffff)],
  ['a GIF above the limit on GIF', 'bomb.gif', () => promisingGif(2049, 2048)],
  ['a JPEG of 65,000 by 65,000', 'bomb.jpg', () => promisingJpeg(65_000, 65_000)],
  ['a BMP of 400 million pixels', 'bomb.bmp', () => promisingBmp(20_000, 20_000)],
];
test.each(BOMBS)('%s is refused by its head alone', async (_, name, make) => {
  const path = file(name, await make());
  const before = process.memoryUsage().rss;
  await expect(infoOf(path)).rejects.toMatchObject({
    name: expect.stringMatching(/^(ImageTooLarge|NotAnImage)Error$/) as string,
  });
  // One hundredth of what the smallest of them would unpack to.
  expect(process.memoryUsage().rss - before).toBeLessThan(128 * 1024 * 1024);
});

test('a file of more than 20 MiB is refused unread', async () => {
  await expect(readImageInfo(join(dir, 'none.png'), 20 * 1024 * 1024 + 1, { maxFrames: 1 })).rejects.toMatchObject({
    name: 'ImageTooLargeError',
  });
});

test('what is large and within the limits is shrunk while it is read', async () => {
  const bytes = await sharp({ create: { width: 30_000, height: 1_000, channels: 3, background: '#ff0000' } })
    .png({ compressionLevel: 1 })
    .toBuffer();
  const frame = await frameOf(file('large.png', bytes));
  expect([frame.widthPx, frame.heightPx]).toEqual([4096, 137]);
  expectColour(frame, [2000, 60], RED, 2);
});

const REFUSED: [string, string, () => Buffer | Promise<Buffer>][] = [
  ['a text', 'text.png', () => Buffer.from('no image')],
  [
    'an SVG, which could refer to other files',
    'drawing.png',
    () =>
      Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'),
  ],
  ['a TIFF', 'scan.png', () => cornered().tiff().toBuffer()],
  ['an empty file', 'empty.png', () => Buffer.alloc(0)],
];
test.each(REFUSED)('%s is no image here, whatever it is called', async (_, name, make) => {
  await expect(infoOf(file(name, await make()))).rejects.toMatchObject({ name: 'NotAnImageError' });
});

test('an image that is cut off is refused: what it does not show cannot be judged', async () => {
  const whole = await sharp({
    create: {
      width: 400,
      height: 400,
      channels: 3,
      noise: { type: 'gaussian', mean: 128, sigma: 60 },
      background: '#000',
    },
  })
    .jpeg()
    .toBuffer();
  const path = file('cut.jpg', whole.subarray(0, whole.length / 2));
  await expect(frameOf(path)).rejects.toMatchObject({ name: 'NotAnImageError' });
});
