import sharp from 'sharp';
import { readImageInfo } from '../../src/media/still.js';
import { cornered, expectColour, openStills, RED, type Stills } from '../support/stills.js';

let stills: Stills;
beforeAll(() => {
  stills = openStills();
});
afterAll(() => {
  stills.remove();
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
  const path = stills.file(name, await make());
  const before = process.memoryUsage().rss;
  await expect(stills.infoOf(path)).rejects.toMatchObject({
    name: expect.stringMatching(/^(ImageTooLarge|NotAnImage)Error$/) as string,
  });
  // One hundredth of what the smallest of them would unpack to.
  expect(process.memoryUsage().rss - before).toBeLessThan(128 * 1024 * 1024);
});

test('a file of more than 20 MiB is refused unread', async () => {
  await expect(readImageInfo(stills.path('none.png'), 20 * 1024 * 1024 + 1, { maxFrames: 1 })).rejects.toMatchObject({
    name: 'ImageTooLargeError',
  });
});

test('what is large and within the limits is shrunk while it is read', async () => {
  const bytes = await sharp({ create: { width: 30_000, height: 1_000, channels: 3, background: '#ff0000' } })
    .png({ compressionLevel: 1 })
    .toBuffer();
  const frame = await stills.frameOf(stills.file('large.png', bytes));
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
  await expect(stills.infoOf(stills.file(name, await make()))).rejects.toMatchObject({ name: 'NotAnImageError' });
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
  const path = stills.file('cut.jpg', whole.subarray(0, whole.length / 2));
  await expect(stills.frameOf(path)).rejects.toMatchObject({ name: 'NotAnImageError' });
});
