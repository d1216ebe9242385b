import { cp, mkdtemp, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { classify } from '../../src/detectors/cascade.js';
import type { DetectorRun } from '../../src/detectors/detector.js';
import { InferencePool, InferencePoolClosedError } from '../../src/detectors/inference-pool.js';
import { bundledModelsDir, ModelDamagedError } from '../../src/detectors/model-manifest.js';
import { createDetectors, type DetectorSet } from '../../src/detectors/registry.js';
import { loadPolicy } from '../../src/policy.js';
import type { Frame } from '../../src/schema/frame.js';
import { SCENES } from '../../src/schema/scene.js';
import { clipFrames } from '../../bench/reference/frames.js';
import { build } from '../support/build.js';

const never = new AbortController().signal;

let frames: Frame[];
let run: DetectorRun;
let set: DetectorSet;

beforeAll(async () => {
  await build();
  ({ frames } = await clipFrames('samples/cockatoo.mp4'));
  run = { sourceDigest: 'a', ...(await loadPolicy()), scenes: ['porn'], banks: [] };
});

beforeEach(async () => {
  set = await createDetectors({ threads: 2, scenes: ['porn'] });
});

afterEach(() => set.close());

const nsfwjs = (): DetectorSet['detectors'][number] => {
  const [first] = set.detectors;
  if (first === undefined) throw new Error('Expected a detector.');
  return first;
};

describe('detectors on inference threads', () => {
  it('say the same of the same frames, byte for byte, whatever the number of threads and the order of calls', async () => {
    const one = await createDetectors({ threads: 1, scenes: ['porn'] });
    const alone = await classify(frames, one.detectors, run, never);
    await one.close();
    const segments = [frames.slice(7), frames.slice(0, 3), frames.slice(3, 7)];
    const parts = await Promise.all(segments.map((part) => classify(part, set.detectors, run, never)));
    const joined = parts.flat().sort((a, b) => a.sample - b.sample);
    expect(JSON.stringify(joined)).toBe(JSON.stringify(alone));
  });

  it('ask OpenNSFW about what nsfwjs suspects and the control share, and about nothing else', async () => {
    const observations = await classify(
      frames,
      set.detectors,
      { ...run, policy: { ...run.policy, control: { share: 0 } } },
      never,
    );
    const suspected = observations.filter(
      (seen) => seen.detector === 'nsfwjs' && ['porn', 'hentai'].includes(seen.class) && seen.score >= 0.3,
    );
    const second = observations.filter(({ detector }) => detector === 'open-nsfw');
    expect(second.map(({ sample }) => sample)).toEqual([...new Set(suspected.map(({ sample }) => sample))]);
    expect(second.length).toBeGreaterThan(5);
    expect(second.length).toBeLessThan(frames.length);
  });

  it('keep every class of nsfwjs, with scores of six decimals that make one', async () => {
    const seen = await nsfwjs().detect(frames.slice(0, 1), run, never);
    expect(seen.map((it) => it.class)).toEqual(['drawing', 'hentai', 'neutral', 'porn', 'sexy']);
    expect(seen.reduce((sum, { score }) => sum + score, 0)).toBeCloseTo(1, 5);
    for (const { score } of seen) expect(Math.round(score * 1e6) / 1e6).toBe(score);
  });

  it('stop at once when aborted: frames that wait are never looked at', async () => {
    const abort = new AbortController();
    let looked = 0;
    const answers = frames.map((frame) =>
      nsfwjs()
        .detect([frame], run, abort.signal)
        .then(() => looked++),
    );
    abort.abort(new Error('enough'));
    const outcomes = await Promise.allSettled(answers);
    expect(outcomes.every((it) => it.status === 'rejected' && String(it.reason) === 'Error: enough')).toBe(true);
    expect(looked).toBe(0);
    await expect(nsfwjs().detect(frames.slice(0, 1), run, abort.signal)).rejects.toThrow('enough');
  });

  it('go on with other work when one caller aborts', async () => {
    const abort = new AbortController();
    const given = nsfwjs().detect(frames.slice(0, 6), run, abort.signal);
    const kept = nsfwjs().detect(frames.slice(6), run, never);
    abort.abort();
    await expect(given).rejects.toThrow();
    expect(await kept).toHaveLength(5 * (frames.length - 6));
  });

  it('finish the frames that threads are at when closed, and fail those that wait', async () => {
    const answers = frames.map((frame) => nsfwjs().detect([frame], run, never));
    const settled = Promise.allSettled(answers);
    await set.close();
    const outcomes = await settled;
    expect(outcomes.slice(0, 2).map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled']);
    for (const outcome of outcomes.slice(2))
      expect(outcome).toMatchObject({ status: 'rejected', reason: expect.any(InferencePoolClosedError) as unknown });
    await expect(nsfwjs().detect(frames.slice(0, 1), run, never)).rejects.toThrow(InferencePoolClosedError);
  });

  it('can be warmed before the first frame, and again', async () => {
    await set.warm(['porn'], 1);
    await set.warm(['porn']);
    await set.warm(['porn']);
    expect(await nsfwjs().detect(frames.slice(0, 1), run, never)).toHaveLength(5);
  });
});

describe('a model that is not the one its manifest names', () => {
  it.each([
    ['cut short', (path: string) => truncate(path, 1000)],
    ['gone', (path: string) => rm(path)],
  ])('is refused when it is %s, with the way to mend it', async (_, damage) => {
    const models = await mkdtemp(join(tmpdir(), 'models-'));
    await cp(bundledModelsDir(), models, { recursive: true });
    await damage(join(models, 'nsfwjs-mobilenet-v2-mid', 'model.onnx'));
    const damaged = await createDetectors({ modelsDir: models, threads: 1 });
    const others = await Promise.allSettled([damaged.warm([]), damaged.warm(['terrorism', 'ad'])]);
    const failure = await damaged.warm(SCENES).catch((error: unknown) => error);
    await damaged.close();
    await rm(models, { recursive: true });
    // Nobody asks it for other scenes: it is not even read.
    expect(others.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled']);
    expect(failure).toBeInstanceOf(ModelDamagedError);
    expect(String(failure)).toMatch(/Expected SHA-256 [0-9a-f]{64} .* git checkout -- models/);
  });
});

describe('the pool', () => {
  it.each([0, -1, 1.5])('refuses %s threads', (threads) => {
    expect(() => new InferencePool(threads)).toThrow(RangeError);
  });
});
