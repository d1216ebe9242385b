import { join } from 'node:path';
import { createDetectors, type DetectorSet } from '../../../src/detectors/registry.js';
import { classify } from '../../../src/detectors/cascade.js';
import type { Detector } from '../../../src/detectors/detector.js';
import { decide } from '../../../src/domain/decide.js';
import { decodeSegment } from '../../../src/media/decode.js';
import { TOOLS_ON_PATH } from '../../../src/media/tools.js';
import { loadPolicy } from '../../../src/policy.js';
import { overlay } from '../../../src/detectors/overlay/overlay.js';
import type { Box, Observation } from '../../../src/schema/observation.js';
import type { Verdict } from '../../../src/schema/verdict.js';
import { build, ROOT } from '../../support/build.js';
import { FAST, planOf } from '../../support/decode-all.js';
import { clipDirectory, x264 } from '../../support/make-video.js';

const signal = AbortSignal.timeout(600_000);
const clips = clipDirectory();
const sample = (name: string): string => join(ROOT, 'samples', name);
const PLAIN = sample('chair-orig-22-sd-bar.mp4');
const LARGE = sample('chair-22-with-large-logo-bar.mp4');
const SMALL = join(ROOT, 'test', 'detectors', 'known-media', 'reference', 'chair-22-with-small-logo-bar.mp4');
let set: DetectorSet;
let detector: Detector;

beforeAll(async () => {
  await build();
  set = await createDetectors({ threads: 1, scenes: ['logo'] });
  detector = set.detectors.find(({ name }) => name === 'overlay')!;
});

afterAll(async () => {
  await set.close();
  clips.remove();
});

interface Seen {
  /** The last word, less the edge maps. */
  said: Observation[];
  overlays: Observation[];
  verdict: Verdict;
  /** Brightness of each frame, and their size. */
  luma: Uint8Array[];
  widthPx: number;
  heightPx: number;
}

/** Everything that the product does with a video: sampled once a second, looked at on a thread, concluded and decided by the default policy. */
async function moderate(path: string): Promise<Seen> {
  const { video, plan } = await planOf(path, FAST);
  const { policy, policyDigest } = await loadPolicy();
  const run = { sourceDigest: '', policy, policyDigest, scenes: ['logo'] as const, banks: [] };
  const segment = { index: 0, from: 0, to: plan.count, startPts: null, nextStartPts: null };
  const request = { path, video, plan, segment, from: 0, sampling: FAST.sampling, tools: TOOLS_ON_PATH };
  const { frames } = decodeSegment(request, { signal });
  const observations: Observation[] = [];
  const luma: Uint8Array[] = [];
  let size = { widthPx: 0, heightPx: 0 };
  for await (const frame of frames) {
    observations.push(...(await classify([frame], [detector], run, signal)));
    size = { widthPx: frame.widthPx, heightPx: frame.heightPx };
    luma.push(Uint8Array.from(frame.data.subarray(0, frame.widthPx * frame.heightPx)));
    frame.release();
  }
  const said = await detector.conclude!({ observations, plan, video, sourceMd5: '' }, run, signal);
  const detectors = await overlay.infos(['logo'], { banks: [] });
  const verdict = decide({
    observations: [...observations, ...said],
    ...{ policy, policyDigest, scenes: ['logo'], detectors, taskType: 'VideoModeration', plan, video },
    inspected: [{ from: 0, to: plan.count }],
  });
  return { said, overlays: said.filter((one) => one.class === 'overlay'), verdict, luma, ...size };
}

/** The box of the pixels that differ between two clips by 24 levels or more on the average of their frames. */
function boxOfDifference(a: Seen, b: Seen): Box {
  const xs: number[] = [];
  const ys: number[] = [];
  const frames = Math.min(a.luma.length, b.luma.length);
  for (let at = 0; at < a.widthPx * a.heightPx; at++) {
    let sum = 0;
    for (let frame = 0; frame < frames; frame++) sum += Math.abs(a.luma[frame]![at]! - b.luma[frame]![at]!);
    if (sum < 24 * frames) continue;
    xs.push(at % a.widthPx);
    ys.push(Math.floor(at / a.widthPx));
  }
  const [left, right] = [xs.reduce((p, q) => Math.min(p, q)), xs.reduce((p, q) => Math.max(p, q)) + 1];
  const [top, bottom] = [ys.reduce((p, q) => Math.min(p, q)), ys.reduce((p, q) => Math.max(p, q)) + 1];
  return {
    x: left / a.widthPx,
    y: top / a.heightPx,
    width: (right - left) / a.widthPx,
    height: (bottom - top) / a.heightPx,
  };
}

function intersectionOverUnion(a: Box, b: Box): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  if (width <= 0 || height <= 0) return 0;
  return (width * height) / (a.width * a.height + b.width * b.height - width * height);
}

/** Two pictures a second of the clip of the chair, without loss: what the clips made here are made from, decoded once. */
let halves: string | null = null;
const twoASecond = (): string =>
  (halves ??= clips.make('halves.mkv', '-i', PLAIN, '-an', '-vf', 'fps=2', '-c:v', 'ffv1'));

/** The clip of the chair with bars of lettering over it, drawn by filters that every ffmpeg has. */
function withBars(file: string, enable: string, place: { x: number; y: number }): string {
  const boxes = [0, 14, 28, 42].map(
    (by, index) =>
      `drawbox=x=${place.x + by}:y=${place.y + (index % 2) * 8}:w=9:h=${24 - (index % 2) * 8}:color=white:t=fill:enable='${enable}'`,
  );
  return clips.make(file, '-i', twoASecond(), '-vf', boxes.join(','), ...x264(30));
}

describe('on a real clip and the same with a logo laid over it', () => {
  let plain: Seen;
  beforeAll(async () => {
    plain = await moderate(PLAIN);
  });

  it('finds nothing where there is none, not even the bars beside the picture', () => {
    expect(plain.said).toEqual([]);
    expect(plain.verdict.suggestion).toBe('pass');
  });

  it.each([
    ['large', LARGE],
    ['small', SMALL],
  ])('finds the %s logo once, in its place and over all of the clip, and asks for a person', async (_size, path) => {
    const seen = await moderate(path);
    expect(seen.overlays).toHaveLength(1);
    const [found] = seen.overlays;
    expect(intersectionOverUnion(found!.box!, boxOfDifference(plain, seen))).toBeGreaterThanOrEqual(0.5);
    expect(found!.span).toEqual({ startS: 0, endS: 22 });
    expect(seen.verdict.suggestion).toBe('review');
    expect(seen.verdict.findings).toMatchObject([{ detector: 'overlay', class: 'overlay', startS: 0, endS: 22 }]);
  });
});

describe('what stays while the picture moves', () => {
  it('is found from when it comes to when it goes', async () => {
    const { overlays } = await moderate(withBars('for-a-while.mkv', 'between(t,5,14.9)', { x: 360, y: 60 }));
    expect(overlays).toHaveLength(1);
    const { startS, endS } = overlays[0]!.span!;
    expect(Math.abs(startS - 5)).toBeLessThanOrEqual(1);
    expect(Math.abs(endS - 14)).toBeLessThanOrEqual(1);
  });

  it('is found in two places at once as two', async () => {
    const once = withBars('left.mkv', '1', { x: 50, y: 60 });
    const { overlays, verdict } = await moderate(
      clips.make(
        'two.mkv',
        ...[
          '-i',
          once,
          '-vf',
          [0, 12, 24].map((by) => `drawbox=x=${370 + by}:y=${620 + by / 2}:w=8:h=30:color=yellow:t=fill`).join(),
        ],
        ...x264(30),
      ),
    );
    expect(overlays).toHaveLength(2);
    expect(verdict.findings).toHaveLength(2);
  });
});

describe('what is no overlay', () => {
  it.each(['cockatoo.mp4', 'grand-prix-1906.ogv'])('is anything in %s, which moves', async (name) => {
    expect((await moderate(sample(name))).overlays).toEqual([]);
  });

  it.each(['display-dual-monitors.webm', 'movie-hello.mpeg'])(
    'is anything in %s, which stands too still for a word: it says so',
    async (name) => {
      const { said, verdict } = await moderate(sample(name));
      expect(said).toMatchObject([{ class: 'too-still', score: 1 }]);
      expect(verdict.suggestion).toBe('pass');
    },
  );

  it('is anything in a clip of two samples: it says so', async () => {
    expect((await moderate(sample('realshort.mp4'))).said).toMatchObject([{ class: 'too-few-samples', score: 1 }]);
  });

  it('is a bar around the picture', async () => {
    const bars = ['pad=iw:ih+200:0:100', 'pad=iw+300:ih:150:0:white', 'pad=iw+200:ih+200:100:100'];
    for (const [index, pad] of bars.entries()) {
      const path = clips.make(`bars-${index}.mkv`, '-i', twoASecond(), '-vf', pad, ...x264(30));
      expect((await moderate(path)).overlays).toEqual([]);
    }
  });

  it('is a caption that changes every three seconds', async () => {
    const captions = Array.from({ length: 8 }, (_, nth) =>
      Array.from(
        { length: 12 },
        (_, letter) =>
          `drawbox=x=${80 + letter * 24 + ((nth * 7) % 20)}:y=${640 + ((letter * nth * 7) % 12)}:w=${6 + ((letter * 5 + nth * 11) % 13)}:h=${10 + ((letter + nth * 3) % 14)}:color=white:t=fill:enable='between(t,${nth * 3},${nth * 3 + 2.9})'`,
      ).join(),
    ).join();
    const path = clips.make('captions.mkv', '-i', twoASecond(), '-vf', captions, ...x264(30));
    expect((await moderate(path)).overlays).toEqual([]);
  });
});
