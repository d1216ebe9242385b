import { denserSegments, planDenser, type DenserPlan } from '../../src/domain/denser-samples.js';
import { onFinerGrid } from '../../src/domain/sample-plan.js';
import { pictureDigest } from '../../src/media/picture-digest.js';
import { decodeSamples, takeSampleFrames } from '../../src/media/decode-samples.js';
import { TOOLS_ON_PATH } from '../../src/media/tools.js';
import { EXACT, FAST, framesOf, linearFrames, planOf, segmentsOf, type Planned } from '../support/decode-all.js';
import { clipDirectory, testPicture, x264 } from '../support/make-video.js';

const SUSPICIONS = [
  { sample: 1, score: 0.5 },
  { sample: 4, score: 0.9 },
];
const clips = clipDirectory();
let path: string;
let counted: string;
/** Pictures at every second, as a grid of all of them shows them. */
let every: string[];
beforeAll(async () => {
  path = clips.make('minute.mp4', ...testPicture({ seconds: 60, rate: '10' }), ...x264(50));
  counted = clips.make('counted.h264', '-i', path, '-c', 'copy');
  every = (await linearFrames(await planOf(path))).hashes;
});
afterAll(() => {
  clips.remove();
});

/** Six samples ten seconds apart, and some of those in between. */
async function denser(file: string, options: typeof EXACT): Promise<Planned & { plan: DenserPlan }> {
  const planned = await planOf(file, { ...options, maxFrames: 6 });
  const plan = planDenser(planned.plan, planned.video, { interval: 1, maxFrames: 18 }, SUSPICIONS);
  if (plan === null) throw new Error('Expected samples in between');
  return { ...planned, plan };
}

test.each([
  ['in full', 'exact'],
  ['from the packets needed', 'fast'],
])('samples in between show what a grid of all of them shows, decoded %s from any segment', async (_, mode) => {
  const planned = await denser(path, mode === 'fast' ? FAST : EXACT);
  const { plan } = planned;
  const segments = denserSegments(plan, segmentsOf(planned, 3), 3);
  expect(segments.length).toBeGreaterThan(1);
  for (const segment of segments) {
    const { samples, hashes } = await framesOf(planned, segment);
    expect(samples).toEqual(Array.from({ length: segment.to - segment.from }, (__, index) => segment.from + index));
    expect(hashes).toEqual(samples.map((sample) => every[onFinerGrid(plan, sample)]));
  }
});

test('an attempt that resumes gets the rest of them', async () => {
  const planned = await denser(path, FAST);
  const [segment] = denserSegments(planned.plan, segmentsOf(planned, 1), 1);
  const whole = await framesOf(planned, segment!);
  const { samples, hashes } = await framesOf(planned, segment!, segment!.from + 5);
  expect([samples, hashes]).toEqual([whole.samples.slice(5), whole.hashes.slice(5)]);
  expect((await framesOf(planned, segment!, segment!.to)).samples).toEqual([]);
});

test('they are found in a stream without timestamps too', async () => {
  const planned = await denser(counted, EXACT);
  expect(planned.video.timeline).toBe('counted');
  const [segment] = denserSegments(planned.plan, segmentsOf(planned, 1), 1);
  const { samples, hashes } = await framesOf(planned, segment!);
  const all = await linearFrames(await planOf(counted));
  expect(hashes).toEqual(samples.map((sample) => all.hashes[onFinerGrid(planned.plan, sample)]));
});

test('as evidence they are the pictures that were classified, beside those of the grid', async () => {
  const planned = await denser(path, FAST);
  const { plan, video } = planned;
  const segments = segmentsOf(planned, 3);
  const pictures = new Map<number, string>();
  for (const segment of [...segments, ...denserSegments(plan, segments, 3)]) {
    const request = { path, video, plan, segment, from: segment.from, sampling: 'fast' as const, tools: TOOLS_ON_PATH };
    for await (const frame of decodeSamples(request, { signal: AbortSignal.timeout(60_000) }).frames) {
      pictures.set(frame.sample, pictureDigest(frame));
      frame.release();
    }
  }
  const wanted = [4, 6, 7, 12, 17].map((sample) => ({ sample }));
  const classified = { path, video, plan, segments, sampling: 'fast' as const, tools: TOOLS_ON_PATH };
  const signal = AbortSignal.timeout(60_000);
  const taken = await takeSampleFrames(classified, wanted, { signal, pictures });
  const unproven = await takeSampleFrames(classified, wanted, { signal });
  expect(taken.map(({ sample }) => sample).sort((a, b) => a - b)).toEqual([4, 6, 7, 12, 17]);
  const bytesOf = (jpegs: typeof taken) => jpegs.map(({ sample, bytes }) => [sample, bytes.toString('base64')]);
  expect(bytesOf(unproven)).toEqual(bytesOf(taken));
  expect(new Set(bytesOf(taken).map(([, bytes]) => bytes)).size).toBe(5);
});
