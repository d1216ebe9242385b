import { join } from 'node:path';
import sharp from 'sharp';
import { writeTermBank } from '../../../src/banks/term-bank.js';
import type { Detector, DetectorRun } from '../../../src/detectors/detector.js';
import { InferencePool } from '../../../src/detectors/inference-pool.js';
import { text } from '../../../src/detectors/text/text.js';
import { loadPolicy } from '../../../src/policy.js';
import type { BankRef } from '../../../src/schema/bank.js';
import type { Frame } from '../../../src/schema/frame.js';
import { build } from '../../support/build.js';

const BANK: BankRef = {
  name: 'slogans',
  kind: 'terms',
  scene: 'terrorism',
  atMost: 'review',
  version: 1,
  digest: 'd'.repeat(64),
  entries: 1,
};
const TERMS = writeTermBank([{ term: 'free sample', kind: 'words', id: 'bait' }]);

let pool: InferencePool;
let detector: Detector;
let run: DetectorRun;
let frame: Frame;

beforeAll(async () => {
  await build();
  pool = new InferencePool(1);
  detector = await text.create({ pool, banks: { read: () => Promise.resolve(TERMS) } });
  run = { sourceDigest: 'a', ...(await loadPolicy()), scenes: ['ad'], banks: [] };
  const path = join(__dirname, 'ocr', 'frames', 'latin.jpg');
  const { data: pixels, info } = await sharp(path).raw().toBuffer({ resolveWithObject: true });
  const data = new Uint8Array(new SharedArrayBuffer(pixels.length));
  data.set(pixels);
  const { width: widthPx, height: heightPx } = info;
  const colour = { matrix: null, range: null };
  frame = { sample: 3, widthPx, heightPx, format: 'rgb24', colour, data, release: () => undefined };
});

afterAll(() => pool.close());

describe('the detector of writing', () => {
  it('finds what advertises, and keeps all that was read as readings that decide nothing', async () => {
    const seen = await detector.detect([frame], run, AbortSignal.timeout(100_000));
    expect(seen.every((it) => it.detector === 'text' && it.sample === 3 && it.box !== undefined)).toBe(true);
    expect(seen.filter((it) => it.class === 'url')).toMatchObject([{ text: 'www.example.com', atMost: 'review' }]);
    expect(seen.filter((it) => it.class === 'phone')).toHaveLength(1);
    expect(seen.filter((it) => it.class === 'reading').map((it) => it.text)[0]).toBe('Visit www.example.com today');
  });

  it("finds operators' terms for the scene of their bank, and then nothing for scenes that were not asked for", async () => {
    const asked: DetectorRun = { ...run, scenes: ['terrorism'], banks: [BANK] };
    const seen = await detector.detect([frame], asked, AbortSignal.timeout(100_000));
    expect(seen.filter((it) => it.class !== 'reading')).toMatchObject([
      { class: 'term', scene: 'terrorism', atMost: 'review', match: { bank: 'slogans', entry: 'bait' } },
    ]);
  });

  it('does not read at all when nothing could be found in it', async () => {
    const closed = new InferencePool(1);
    await closed.close();
    const idle = await text.create({ pool: closed, banks: { read: () => Promise.resolve(TERMS) } });
    expect(await idle.detect([frame], { ...run, scenes: ['terrorism'] }, AbortSignal.timeout(1000))).toEqual([]);
  });

  it('serves ad always, other scenes with a bank of terms, and says what it looks for', async () => {
    const infos = await text.infos(['porn', 'terrorism', 'ad', 'logo'], { banks: [BANK] });
    expect(infos.map(({ scene }) => scene)).toEqual(['terrorism', 'ad']);
    expect(infos[0]?.sees).toContain('terms of banks only');
    expect(await text.infos(['logo', 'live'], { banks: [BANK] })).toEqual([]);
  });
});
