import { join } from 'node:path';
import sharp from 'sharp';
import { InferencePool } from '../../../../src/detectors/inference-pool.js';
import type { TextLine } from '../../../../src/detectors/text/text-line.js';
import type { Frame } from '../../../../src/schema/frame.js';
import { build } from '../../../support/build.js';
import { runFfmpeg } from '../../../support/make-video.js';

const FRAMES = join(__dirname, 'frames');
const ANALYSER = { kind: 'text', id: 'pp-ocrv4', settings: null } as const;

let pool: InferencePool;

beforeAll(async () => {
  await build();
  pool = new InferencePool(1);
});

afterAll(() => pool.close());

describe('reading writing in frames', () => {
  it('reads Latin lines, their spaces and where they are', async () => {
    const [first, second, ...others] = await read(await rgb('latin'));
    expect(first?.text).toBe('Visit www.example.com today');
    expect(second?.text.replaceAll(' ', '')).toBe('Call+15550104477forafreesample');
    expect(second?.text.split(' ').length).toBeGreaterThanOrEqual(6);
    expect(others).toEqual([]);
    expect(first?.confidence).toBeGreaterThan(0.9);
    // Drawn from 60, 80 (the baseline) in 36 pixels on 854 × 480.
    expect(first?.box.x).toBeCloseTo(60 / 854, 1);
    expect(first?.box.y).toBeGreaterThan(40 / 480);
    expect((first?.box.y ?? 1) + (first?.box.height ?? 1)).toBeLessThan(110 / 480);
  });

  it('reads Chinese lines, with numbers in them', async () => {
    expect((await read(await rgb('chinese'))).map(plain)).toEqual(['欢迎光临本店全场八折', '联系电话13800138000']);
  });

  it('reads lines that are turned, with corners in the order of writing', async () => {
    const lines = await read(await rgb('turned'));
    expect(lines.map(({ text }) => text)).toEqual(['turned a little', 'going upwards']);
    const [topLeft, topRight] = lines[1]?.quad ?? [];
    expect(topRight?.y).toBeLessThan((topLeft?.y ?? 0) - 0.3);
  });

  it('reads a line that is upside down, and says which way it runs', async () => {
    const [line] = await read(await rgb('upside-down'));
    expect(line?.text).toBe('upside down writing');
    expect(line?.quad[0].x).toBeGreaterThan(line?.quad[1].x ?? 1);
  });

  it('reads nothing where nothing is written', async () => {
    expect(await read(await rgb('none'))).toEqual([]);
  });

  it('reads the same in yuv420p as in rgb24, in the same places', async () => {
    for (const name of ['latin', 'chinese']) {
      const [fromRgb, fromYuv] = [await read(await rgb(name)), await read(await yuv(name))];
      expect(fromYuv.map(plain)).toEqual(fromRgb.map(plain));
      fromYuv.forEach(({ box }, index) => {
        for (const side of ['x', 'y', 'width', 'height'] as const)
          expect(Math.abs(box[side] - (fromRgb[index]?.box[side] ?? 1))).toBeLessThan(0.01);
      });
    }
  });

  it('says the same of the same frame each time', async () => {
    const frame = await rgb('turned');
    const [again, once] = [await read(frame), await read(frame)];
    expect(again).toEqual(once);
  });

  it('does with pictures of any size, be they a single pixel', async () => {
    for (const [widthPx, heightPx] of [
      [1, 1],
      [3, 700],
      [2500, 40],
    ] as const)
      expect(await read(frameOf(widthPx, heightPx, 'rgb24', Buffer.alloc(widthPx * heightPx * 3, 99)))).toEqual([]);
  });
});

async function read(frame: Frame): Promise<readonly TextLine[]> {
  return await pool.look(ANALYSER, frame, null, AbortSignal.timeout(200_000));
}

function plain({ text }: TextLine): string {
  return text.replaceAll(' ', '');
}

async function rgb(name: string): Promise<Frame> {
  const { data, info } = await sharp(join(FRAMES, `${name}.jpg`))
    .raw()
    .toBuffer({ resolveWithObject: true });
  return frameOf(info.width, info.height, 'rgb24', data);
}

async function yuv(name: string): Promise<Frame> {
  const { data, info } = await sharp(join(FRAMES, `${name}.jpg`))
    .raw()
    .toBuffer({ resolveWithObject: true });
  const png = await sharp(data, { raw: { width: info.width, height: info.height, channels: 3 } })
    .png()
    .toBuffer();
  const path = join(process.env.TMPDIR ?? '/tmp', `framewarden-test-${process.pid}-${name}.png`);
  await sharp(png).toFile(path);
  return frameOf(
    info.width,
    info.height,
    'yuv420p',
    runFfmpeg('-i', path, '-pix_fmt', 'yuv420p', '-f', 'rawvideo', '-'),
  );
}

function frameOf(widthPx: number, heightPx: number, format: Frame['format'], bytes: Uint8Array): Frame {
  const data = new Uint8Array(new SharedArrayBuffer(bytes.length));
  data.set(bytes);
  const colour = { matrix: null, range: null };
  return { sample: 0, widthPx, heightPx, format, colour, data, release: () => undefined };
}
