import fc from 'fast-check';
import {
  firstPerSpacing,
  firstSampleAt,
  planSamples,
  sampleOffset,
  sampleTimeS,
  spacingOf,
} from '../../src/domain/sample-plan.js';
import type { ModerationOptions } from '../../src/schema/options.js';
import type { VideoInfo } from '../../src/schema/video.js';

type Options = Pick<ModerationOptions, 'interval' | 'maxFrames' | 'coverage' | 'sampling'>;
type Video = Pick<VideoInfo, 'durationPts' | 'timeBase' | 'timeline' | 'keyFramePts'>;

const DEFAULTS: Options = { interval: 1, maxFrames: 200, coverage: 'whole', sampling: 'exact' };

function video(seconds: number, more: Partial<Video> = {}): Video {
  const timeBase = { num: 1, den: 90_000 };
  return { durationPts: Math.round(seconds * 90_000), timeBase, timeline: 'source', keyFramePts: [0], ...more };
}

test('a video of 14 s has 14 samples at one a second, as cockatoo.mp4', () => {
  expect(planSamples(video(14), DEFAULTS)).toEqual({ kind: 'grid', spacing: { num: 1, den: 1 }, count: 14 });
});

test('the end of the video is not a sample, and everything before it may be', () => {
  expect(planSamples(video(14.00002), DEFAULTS).count).toBe(15);
  expect(planSamples(video(13.99998), DEFAULTS).count).toBe(14);
  expect(planSamples(video(0.04), { ...DEFAULTS, interval: 600 }).count).toBe(1);
});

test('a long video is sampled thinner over its whole length, or its head is', () => {
  const hour = video(3600);
  expect(planSamples(hour, DEFAULTS)).toEqual({ kind: 'grid', spacing: { num: 18, den: 1 }, count: 200 });
  expect(planSamples(hour, { ...DEFAULTS, coverage: 'head' })).toEqual({
    kind: 'grid',
    spacing: { num: 1, den: 1 },
    count: 200,
  });
  expect(planSamples(hour, { ...DEFAULTS, maxFrames: 3600 }).count).toBe(3600);
});

test('keyframe mode takes the first key frame of each spacing, at its own time', () => {
  const second = 90_000;
  const keyFramePts = [0, 0.5, 1.2, 1.9, 5, 5.999, 6].map((at) => Math.round(at * second));
  const options: Options = { ...DEFAULTS, sampling: 'keyframe' };
  const plan = planSamples(video(7, { keyFramePts }), options);
  expect(plan).toEqual({ kind: 'keyframe', pts: [0, 1.2, 5, 6].map((at) => Math.round(at * second)), count: 4 });
  expect(sampleTimeS(plan, { num: 1, den: second }, 1)).toBeCloseTo(1.2, 6);
  expect(planSamples(video(7, { keyFramePts, timeline: 'counted' }), options).kind).toBe('grid');
});

test('a sample that is not in the plan has no time', () => {
  const plan = planSamples(video(7, { keyFramePts: [0] }), { ...DEFAULTS, sampling: 'keyframe' });
  expect(() => sampleTimeS(plan, { num: 1, den: 1 }, 1)).toThrow('Expected a sample from 0 to 0, got 1.');
});

const anyVideo = fc
  .record({
    durationPts: fc.integer({ min: 1, max: 90_000 * 7200 }),
    timeBase: fc.constantFrom(
      { num: 1, den: 90_000 },
      { num: 1, den: 1000 },
      { num: 1001, den: 30_000 },
      { num: 5, den: 2 },
    ),
    keys: fc.array(fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), { maxLength: 60 }),
  })
  .map(({ durationPts, timeBase, keys }): Video => {
    const keyFramePts = [0, ...keys.map((share) => Math.floor(share * durationPts))].sort((a, b) => a - b);
    return { durationPts, timeBase, timeline: 'source', keyFramePts };
  });
const anyOptions = fc.record({
  interval: fc.integer({ min: 1, max: 600 }),
  maxFrames: fc.integer({ min: 5, max: 3600 }),
  coverage: fc.constantFrom('whole' as const, 'head' as const),
  sampling: fc.constantFrom('exact' as const, 'fast' as const, 'keyframe' as const),
});

test('samples are sorted, unique, inside the video, and no more than asked for', () => {
  fc.assert(
    fc.property(anyVideo, anyOptions, (video, options) => {
      const plan = planSamples(video, options);
      expect(plan.count).toBeGreaterThanOrEqual(1);
      expect(plan.count).toBeLessThanOrEqual(options.maxFrames);
      const durationS = (video.durationPts * video.timeBase.num) / video.timeBase.den;
      const checked = [0, 1, Math.floor(plan.count / 2), plan.count - 1].filter((sample) => sample < plan.count);
      for (const sample of checked) {
        const timeS = sampleTimeS(plan, video.timeBase, sample);
        expect(timeS).toBeLessThan(durationS);
        expect(sampleOffset(plan, video.timeBase, sample)).toBe(Math.floor(timeS));
        if (sample > 0) expect(timeS).toBeGreaterThan(sampleTimeS(plan, video.timeBase, sample - 1));
      }
    }),
  );
});

test('whole coverage leaves no stretch longer than a spacing without a sample', () => {
  fc.assert(
    fc.property(anyVideo, anyOptions, (video, options) => {
      const whole: Options = { ...options, coverage: 'whole', sampling: 'exact' };
      const plan = planSamples(video, whole);
      const { num, den } = spacingOf(video.durationPts, video.timeBase, whole);
      const durationS = (video.durationPts * video.timeBase.num) / video.timeBase.den;
      expect(num / den).toBeGreaterThanOrEqual(whole.interval - 1e-9);
      expect(durationS - sampleTimeS(plan, video.timeBase, plan.count - 1)).toBeLessThanOrEqual(
        num / den + durationS * 1e-12 + 1e-9,
      );
    }),
  );
});

test('the first sample at an instant is at or after it, and the one before is not', () => {
  fc.assert(
    fc.property(anyVideo, anyOptions, fc.double({ min: 0, max: 1, noNaN: true }), (video, options, share) => {
      const plan = planSamples(video, options);
      const pts = Math.floor(share * video.durationPts);
      const atS = (pts * video.timeBase.num) / video.timeBase.den;
      const sample = firstSampleAt(plan, video.timeBase, pts);
      if (sample < plan.count) expect(sampleTimeS(plan, video.timeBase, sample)).toBeGreaterThanOrEqual(atS - 1e-9);
      if (sample > 0) expect(sampleTimeS(plan, video.timeBase, sample - 1)).toBeLessThan(atS + 1e-9);
    }),
  );
});

test('thinning twice changes nothing', () => {
  fc.assert(
    fc.property(anyVideo, anyOptions, ({ keyFramePts, durationPts, timeBase }, options) => {
      const spacing = spacingOf(durationPts, timeBase, options);
      const once = firstPerSpacing(keyFramePts, spacing, timeBase);
      expect(firstPerSpacing(once, spacing, timeBase)).toEqual(once);
    }),
  );
});
