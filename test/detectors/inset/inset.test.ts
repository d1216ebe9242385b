import { join } from 'node:path';
import { classify } from '../../../src/detectors/cascade.js';
import type { Detector } from '../../../src/detectors/detector.js';
import { createDetectors, detectorInfos, type DetectorSet } from '../../../src/detectors/registry.js';
import { decide } from '../../../src/domain/decide.js';
import { decodeSegment } from '../../../src/media/decode.js';
import { TOOLS_ON_PATH } from '../../../src/media/tools.js';
import { loadPolicy } from '../../../src/policy.js';
import type { Box, Observation } from '../../../src/schema/observation.js';
import type { Scene } from '../../../src/schema/scene.js';
import type { Verdict } from '../../../src/schema/verdict.js';
import { build, ROOT } from '../../support/build.js';
import { EXACT, planOf } from '../../support/decode-all.js';
import { clipDirectory, x264 } from '../../support/make-video.js';

const signal = AbortSignal.timeout(600_000);
const clips = clipDirectory();
const sample = (name: string): string => join(ROOT, 'samples', name);
const [PARROT, CHAIR] = [sample('cockatoo.mp4'), sample('chair-orig-22-sd-bar.mp4')];
let set: DetectorSet;
beforeAll(async () => {
  await build();
  set = await createDetectors({ threads: 1, scenes: ['live', 'logo'] });
});
afterAll(async () => {
  await set.close();
  clips.remove();
});

interface Seen {
  insets: Observation[];
  /** Edge maps that were kept, by the detectors that made them. */
  makers: string[];
  verdict: Verdict;
}

/** What comes of a video sampled once a second by the default policy, with the detectors that look at edges. */
async function moderate(path: string, scenes: Scene[] = ['live']): Promise<Seen> {
  const { video, plan } = await planOf(path, EXACT);
  const { policy, policyDigest } = await loadPolicy();
  const run = { sourceDigest: '', policy, policyDigest, scenes, banks: [] };
  const segment = { index: 0, from: 0, to: plan.count, startPts: null, nextStartPts: null };
  const request = { path, video, plan, segment, from: 0, sampling: EXACT.sampling, tools: TOOLS_ON_PATH };
  const asked: Detector[] = set.detectors.filter(
    ({ name }) => name === 'inset' || (name === 'overlay' && scenes.includes('logo')),
  );
  const observations: Observation[] = [];
  for await (const frame of decodeSegment(request, { signal }).frames) {
    observations.push(...(await classify([frame], asked, run, signal)));
    frame.release();
  }
  const classified = { observations, plan, video, sourceMd5: '' };
  const said = await asked.find(({ name }) => name === 'inset')!.conclude!(classified, run, signal);
  const detectors = (await detectorInfos(scenes)).filter(({ name }) => name === 'inset');
  const verdict = decide({
    observations: [...observations, ...said],
    ...{ policy, policyDigest, scenes: ['live'], detectors, taskType: 'VideoModeration', plan, video },
    inspected: [{ from: 0, to: plan.count }],
  });
  const makers = [...new Set(observations.filter((one) => one.class === 'edges').map(({ detector }) => detector))];
  return { insets: said, makers, verdict };
}

/** A clip's pictures at its whole seconds, those that are sampled, without loss: what the clips made here are made from, decoded once. */
const aSecond = (file: string, source: string, ...filters: string[]): string =>
  clips.make(file, '-t', '14', '-i', source, '-an', '-vf', ['fps=1', ...filters].join(','), '-c:v', 'ffv1');
const ENCODED = x264(10, '-preset', 'superfast');
let [parrot, chair] = ['', ''];
beforeAll(() => {
  parrot = aSecond('parrot.mkv', PARROT);
  chair = aSecond('chair.mkv', CHAIR, 'crop=384:216:48:250', 'drawbox=t=4:c=white');
});

/** The chair, in a white frame, at the lower right of the parrot; 384 × 216 of 1280 × 720. */
const PLACE = { x: 856 / 1280, y: 464 / 720, width: 384 / 1280, height: 216 / 720 };
function chairInParrot(file: string, { between = '1', still = false } = {}): string {
  const held = still ? 'trim=end_frame=1,loop=-1:1' : 'null';
  return clips.make(
    file,
    ...['-i', parrot, '-i', chair, '-filter_complex'],
    `[1]${held}[in];[0][in]overlay=856:464:enable='${between}',trim=duration=14`,
    ...ENCODED,
  );
}

function intersectionOverUnion(a: Box, b: Box): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return width <= 0 || height <= 0 ? 0 : (width * height) / (a.width * a.height + b.width * b.height - width * height);
}

describe('a video that plays within another one', () => {
  let path: string;
  let alone: Seen;
  beforeAll(async () => {
    path = chairInParrot('in.mp4');
    alone = await moderate(path);
  });

  it('is found once, in its place and for as long as it is there, and a person is asked', async () => {
    const { insets, verdict } = alone;
    expect(insets).toHaveLength(1);
    expect(intersectionOverUnion(insets[0]!.box!, PLACE)).toBeGreaterThanOrEqual(0.75);
    expect(insets[0]!.span).toEqual({ startS: 0, endS: 13 });
    expect(verdict).toMatchObject({ suggestion: 'review', categories: ['live'] });
    expect(verdict.findings).toMatchObject([{ detector: 'inset', class: 'PIP' }]);
    expect((await moderate(path)).insets).toEqual(insets);
  });

  it('is found from the edges that the scene logo has looked for already', async () => {
    const both = await moderate(path, ['live', 'logo']);
    expect([alone.makers, both.makers]).toEqual([['inset'], ['overlay']]);
    expect(both.insets).toEqual(alone.insets);
  });

  it('is found from when it comes', async () => {
    const { insets } = await moderate(chairInParrot('later.mp4', { between: 'gte(t,4)' }));
    expect(insets).toHaveLength(1);
    expect(Math.abs(insets[0]!.span!.startS - 4)).toBeLessThanOrEqual(1);
  });
});

describe('what is none', () => {
  it.each([
    'cockatoo.mp4',
    'chair-orig-22-sd-bar.mp4',
    'chair-22-with-large-logo-bar.mp4',
    'display-dual-monitors.webm',
    'grand-prix-1906.ogv',
    'movie-hello.mpeg',
    'phone-1080p.mp4',
    'realshort.mp4',
  ])('is anything in %s', async (name) => {
    expect((await moderate(sample(name))).insets).toEqual([]);
  });

  it('is a still picture laid over another one: that is what the scene logo looks for', async () => {
    expect((await moderate(chairInParrot('still.mp4', { still: true }))).insets).toEqual([]);
  });

  it('is a picture within bars on all sides', async () => {
    const path = clips.make('bars.mp4', '-i', parrot, '-vf', 'pad=iw+400:ih+300:200:150', ...ENCODED);
    expect((await moderate(path)).insets).toEqual([]);
  });
});
