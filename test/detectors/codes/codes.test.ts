import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { prepareZXingModule, writeBarcode } from 'zxing-wasm/writer';
import { clipFrames } from '../../../bench/reference/frames.js';
import { writeTermBank } from '../../../src/banks/term-bank.js';
import { codes } from '../../../src/detectors/codes/codes.js';
import { printableContent } from '../../../src/detectors/codes/code.js';
import type { Detector, DetectorRun } from '../../../src/detectors/detector.js';
import { InferencePool } from '../../../src/detectors/inference-pool.js';
import { loadPolicy } from '../../../src/policy.js';
import type { BankRef } from '../../../src/schema/bank.js';
import type { Frame } from '../../../src/schema/frame.js';
import type { Observation } from '../../../src/schema/observation.js';
import { build } from '../../support/build.js';

const TERMS = writeTermBank([{ term: 'badshop', kind: 'words' }]);
const BANK: BankRef = {
  name: 'shops',
  kind: 'terms',
  scene: 'terrorism',
  atMost: 'block',
  version: 1,
  digest: 'd'.repeat(64),
  entries: 1,
};

let pool: InferencePool;
let detector: Detector;
let run: DetectorRun;

beforeAll(async () => {
  await build();
  const wasmBinary = Uint8Array.from(await readFile(require.resolve('zxing-wasm/writer/zxing_writer.wasm'))).buffer;
  await prepareZXingModule({ overrides: { wasmBinary }, fireImmediately: true });
  pool = new InferencePool(1);
  detector = await codes.create({ pool, banks: { read: () => Promise.resolve(TERMS) } });
  run = { sourceDigest: 'a', ...(await loadPolicy()), scenes: ['ad'], banks: [] };
});

afterAll(() => pool.close());

describe('codes in frames', () => {
  it('reads a QR code and says where it is', async () => {
    const [code, ...others] = await seen(
      await frameWith('QRCode', 'https://example.com/offer', { left: 400, top: 150 }),
    );
    expect(others).toEqual([]);
    expect(code).toMatchObject({
      detector: 'codes',
      sample: 7,
      class: 'qrcode',
      score: 0.9,
      scene: 'ad',
      text: 'https://example.com/offer',
    });
    expect(code?.box?.x).toBeCloseTo(416 / 640, 1);
    expect(code?.box?.y).toBeCloseTo(166 / 360, 1);
  });

  it('reads QR codes that are turned, inverted or hold Chinese, and barcodes', async () => {
    const turned = await frameWith('QRCode', '扫码添加微信', { angle: 33 });
    expect((await seen(turned)).map(({ text }) => text)).toEqual(['扫码添加微信']);
    const inverted = await frameWith('QRCode', 'inverted', { isInverted: true });
    expect((await seen(inverted)).map(({ text }) => text)).toEqual(['inverted']);
    const bars = await frameWith('EAN13', '4006381333931', {});
    expect(await seen(bars)).toMatchObject([{ class: 'barcode', score: 0.8, text: '4006381333931' }]);
  });

  it('says the same of yuv420p as of rgb24', async () => {
    const rgb = await frameWith('QRCode', 'either way', {});
    const luma = Buffer.alloc((640 * 360 * 3) / 2, 128);
    for (let at = 0; at < 640 * 360; at++) luma[at] = 16 + Math.round(((rgb.data[at * 3] ?? 0) * 219) / 255);
    const [fromYuv, fromRgb] = [await seen(frameOf('yuv420p', luma)), await seen(rgb)];
    expect(fromYuv).toEqual(fromRgb);
    expect(fromRgb).toHaveLength(1);
  });

  it('finds nothing in real frames, in stripes or in a grid', async () => {
    const { frames } = await clipFrames('samples/chair-orig-22-sd-bar.mp4');
    for (const frame of frames) expect(await detector.detect([frame], run, AbortSignal.timeout(60_000))).toEqual([]);
    for (const [across, down] of [
      [4, 1],
      [9, 1],
      [5, 5],
    ] as const) {
      const data = Buffer.alloc(640 * 360 * 3);
      for (let at = 0; at < 640 * 360; at++) {
        const on = Math.floor((at % 640) / across) % 2 === (down === 1 ? 0 : Math.floor(at / 640 / down) % 2);
        data.fill(on ? 20 : 230, at * 3, at * 3 + 3);
      }
      expect(await seen(frameOf('rgb24', data))).toEqual([]);
    }
  });

  it("finds an operator's terms in what a code holds, for the scene of the bank, which needs not be ad", async () => {
    const frame = await frameWith('QRCode', 'https://bad-shop.example/b.a.d.s.h.o.p', {});
    const found = await seen(frame, { ...run, scenes: ['terrorism'], banks: [BANK] });
    expect(found).toMatchObject([{ class: 'term', scene: 'terrorism', match: { bank: 'shops', entry: 'badshop' } }]);
    expect(found[0]?.score).toBeGreaterThanOrEqual(0.85);
    expect(await seen(frame, { ...run, scenes: ['terrorism'] })).toEqual([]);
  });

  it('serves ad always, and another scene when a bank of terms speaks for it; the digest follows the bank', async () => {
    const scenes = ['porn', 'terrorism', 'ad'] as const;
    const without = await codes.infos(scenes, { banks: [] });
    const infos = await codes.infos(scenes, { banks: [BANK] });
    expect(without.map(({ scene }) => scene)).toEqual(['ad']);
    expect(infos.map(({ scene }) => scene)).toEqual(['terrorism', 'ad']);
    const [other] = await codes.infos(['terrorism'], { banks: [{ ...BANK, digest: 'e'.repeat(64) }] });
    expect(other?.digest).not.toBe(infos[0]?.digest);
  });
});

describe("a code's content in reports", () => {
  it('has what cannot be printed written out, and at most 500 characters', () => {
    expect(printableContent('a\u0000b\u202Ec\n')).toBe('a\\u{0}b\\u{202e}c\\u{a}');
    expect(Array.from(printableContent('码'.repeat(900)))).toHaveLength(500);
  });
});

async function seen(frame: Frame, as = run): Promise<Observation[]> {
  return await detector.detect([frame], as, AbortSignal.timeout(60_000));
}

interface Look {
  left?: number;
  top?: number;
  angle?: number;
  isInverted?: boolean;
}

/** A grey frame of 640 × 360 with a code in it. */
async function frameWith(
  format: 'QRCode' | 'EAN13',
  content: string,
  { left = 60, top = 40, angle = 0, isInverted = false }: Look,
): Promise<Frame> {
  const { image } = await writeBarcode(content, { format, scale: 4 });
  if (image === null) throw new Error('Expected an image of the code.');
  const drawn = sharp(Buffer.from(await image.arrayBuffer())).toColourspace('srgb');
  const input = await (isInverted ? drawn.negate({ alpha: false }) : drawn)
    .rotate(angle, { background: '#808080' })
    .png()
    .toBuffer();
  const data = await sharp({ create: { width: 640, height: 360, channels: 3, background: '#808080' } })
    .composite([{ input, left, top }])
    .removeAlpha()
    .raw()
    .toBuffer();
  return frameOf('rgb24', data);
}

function frameOf(format: Frame['format'], bytes: Uint8Array): Frame {
  const data = new Uint8Array(new SharedArrayBuffer(bytes.length));
  data.set(bytes);
  const colour = { matrix: null, range: null };
  return { sample: 7, widthPx: 640, heightPx: 360, format, colour, data, release: () => undefined };
}
