import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { prepareZXingModule, writeBarcode } from 'zxing-wasm/writer';
import { clipFrames } from '../../../bench/reference/frames.js';
import { classify } from '../../../src/detectors/cascade.js';
import { codes } from '../../../src/detectors/codes/codes.js';
import type { Detector, DetectorRun } from '../../../src/detectors/detector.js';
import { endCard } from '../../../src/detectors/end-card/end-card.js';
import { thumbnailDistance } from '../../../src/detectors/end-card/thumbnail.js';
import { InferencePool } from '../../../src/detectors/inference-pool.js';
import { decide } from '../../../src/domain/decide.js';
import { loadPolicy } from '../../../src/policy.js';
import type { BankReader } from '../../../src/detectors/detector.js';
import type { Frame } from '../../../src/schema/frame.js';
import type { Observation } from '../../../src/schema/observation.js';
import { build, ROOT } from '../../support/build.js';
import { clipDirectory } from '../../support/make-video.js';

const CHAIR = join(ROOT, 'samples', 'chair-orig-22-sd-bar.mp4');
const signal = AbortSignal.timeout(240_000);
const clips = clipDirectory();
const banks: BankReader = { read: () => Promise.reject(new Error('Expected no bank to be read.')) };
let pool: InferencePool;
let detectors: Detector[];
let withCard: string;

beforeAll(async () => {
  await build();
  pool = new InferencePool(2);
  detectors = [await codes.create({ pool, banks }), await endCard.create({ pool, banks })];
  const writer = createRequire(join(ROOT, 'package.json')).resolve('zxing-wasm/writer/zxing_writer.wasm');
  await prepareZXingModule({
    overrides: { wasmBinary: Uint8Array.from(await readFile(writer)).buffer },
    fireImmediately: true,
  });
  const { image } = await writeBarcode('https://example.com/buy', { format: 'QRCode', scale: 8, addQuietZones: true });
  const png = clips.write('code.png', new Uint8Array(await image!.arrayBuffer()));
  // Five seconds of a real clip, and five of a card with a code on it.
  const card = 'scale=240:240:flags=neighbor,pad=480:720:120:120:color=yellow,setsar=1,fps=30,trim=duration=5';
  withCard = clips.make(
    'with-card.mp4',
    ...['-t', '5', '-i', CHAIR, '-loop', '1', '-t', '5', '-i', png, '-filter_complex'],
    `[0:v]scale=480:720,setsar=1,fps=30[a];[1:v]${card}[b];[a][b]concat=n=2:v=1[v]`,
    ...['-map', '[v]', '-an', '-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '30', '-pix_fmt', 'yuv420p'],
  );
});

afterAll(async () => {
  await pool.close();
  clips.remove();
});

/** What the detectors say of a clip, sampled once a second, and their last word. */
async function moderate(path: string) {
  const { frames } = await clipFrames(path);
  const run: DetectorRun = { sourceDigest: '0'.repeat(64), ...(await loadPolicy()), scenes: ['ad'], banks: [] };
  const observations: Observation[] = await classify(frames, detectors, run, signal);
  const plan = { kind: 'grid' as const, spacing: { num: 1, den: 1 }, count: frames.length };
  const video = { timeBase: { num: 1, den: 1 }, durationS: frames.length, damaged: false };
  for (const detector of detectors) {
    const classified = { observations, plan, video, sourceMd5: '' };
    observations.push(...((await detector.conclude?.(classified, run, signal)) ?? []));
  }
  const infos = await Promise.all([codes, endCard].map((family) => family.infos(['ad'], { banks: [] })));
  const inspected = [{ from: 0, to: plan.count }];
  const verdict = decide({
    ...run,
    observations,
    detectors: infos.flat(),
    taskType: 'VideoModeration',
    plan,
    video,
    inspected,
  });
  return { cards: observations.filter((seen) => seen.class === 'end-card'), verdict };
}

const thumbnailOf = async (frame: Frame): Promise<string> => {
  const run: DetectorRun = { sourceDigest: '', ...(await loadPolicy()), scenes: ['ad'], banks: [] };
  const [seen] = (await detectors[1]?.detect([frame], run, signal)) ?? [];
  return seen?.text ?? '';
};

describe('an end card', () => {
  it('with a code on it is found in a real clip, from its first sample to the end, and asks for a person', async () => {
    const { cards, verdict } = await moderate(withCard);
    expect(cards).toEqual([
      expect.objectContaining({
        detector: 'end-card',
        score: 0.9,
        text: 'https://example.com/buy',
        span: { startS: 5, endS: 10 },
      }),
    ]);
    expect(verdict.suggestion).toBe('review');
    expect(verdict.findings).toContainEqual(expect.objectContaining({ class: 'end-card', startS: 5, endS: 10 }));
  });

  it('is not found in the clip without it', async () => {
    const { cards, verdict } = await moderate(CHAIR);
    expect(cards).toEqual([]);
    expect(verdict.suggestion).toBe('pass');
  });

  it('is told by thumbnails that compression and the layout of pixels hardly change, and other pictures do', async () => {
    const [yuv, rgb] = await Promise.all([clipFrames(withCard), clipFrames(withCard, { format: 'rgb24' })]);
    const thumbnails = await Promise.all(yuv.frames.map(thumbnailOf));
    const ofRgb = await Promise.all(rgb.frames.map(thumbnailOf));
    thumbnails.forEach((thumbnail, index) => {
      expect(thumbnail).toMatch(/^[0-9a-f]{16}$/);
      expect(thumbnailDistance(thumbnail, ofRgb[index]!)).toBeLessThanOrEqual(3);
    });
    expect(thumbnailDistance(thumbnails[6]!, thumbnails[9]!)).toBeLessThanOrEqual(3);
    expect(thumbnailDistance(thumbnails[2]!, thumbnails[7]!)).toBeGreaterThan(10);
  });

  it('has no thumbnail where the picture is too small for one', async () => {
    const { frames } = await clipFrames(withCard, { scale: 'scale=16:16', count: 1 });
    expect(await thumbnailOf(frames[0]!)).toBe('');
  });
});
