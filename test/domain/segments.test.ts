import fc from 'fast-check';
import { planSamples } from '../../src/domain/sample-plan.js';
import { linearTail, planSegments, videoForSegments } from '../../src/domain/segments.js';
import type { SamplePlan } from '../../src/schema/plan.js';
import type { VideoInfo } from '../../src/schema/video.js';

type Video = Parameters<typeof planSegments>[0];

const EXACT = { interval: 1, maxFrames: 3600, coverage: 'whole', sampling: 'exact' } as const;

/** 720p at 20 fps with a key frame every `gopS` seconds. */
function video(seconds: number, gopS: number, more: Partial<VideoInfo> = {}): Video {
  const timeBase = { num: 1, den: 1000 };
  const keyFramePts = Array.from({ length: Math.ceil(seconds / gopS) }, (_, index) => Math.round(index * gopS * 1000));
  const size = { frameRate: 20, widthPx: 1280, heightPx: 720 };
  return { timeline: 'source', timeBase, durationPts: seconds * 1000, keyFramePts, damaged: false, ...size, ...more };
}

test('half an hour is cut into segments of at most about 8 s of work, the last ones short', () => {
  const half = video(1800, 5);
  const segments = planSegments(half, planSamples(half, EXACT), EXACT);
  const sizes = segments.map(({ from, to }) => to - from);
  // 1800 × (45 ms of decoding + 16 ms of classifying) / 8 s, and the short ones.
  expect(segments.length).toBeGreaterThanOrEqual(15);
  expect(segments.length).toBeLessThanOrEqual(24);
  // 8 s / 61 ms, and no key frame for 5 s.
  expect(Math.max(...sizes)).toBeLessThanOrEqual(137);
  expect(Math.max(...sizes.slice(-2))).toBeLessThanOrEqual(45);
});

test('a segment is told no seek points but the one behind a plan of key frames', () => {
  const whole = video(60, 2) as VideoInfo;
  expect(videoForSegments(whole, planSamples(whole, EXACT)).keyFramePts).toEqual([]);
  const head = { kind: 'keyframe', pts: [0, 2000, 4000] } as unknown as SamplePlan;
  expect(videoForSegments(whole, head)).toEqual({ ...whole, keyFramePts: [6000] });
});

test('what the segments of the longest videos are told fits a history', () => {
  // The server ends a workflow whose history comes to 50 MB.
  const size = { frameRate: 30, widthPx: 3840, heightPx: 2160 };
  const day = video(8 * 3600, 8, size) as VideoInfo;
  const plan = planSamples(day, EXACT);
  const segments = planSegments(day, plan, EXACT);
  expect(segments.length).toBeGreaterThan(1000);
  const inputs = segments.map((segment) => JSON.stringify({ video: videoForSegments(day, plan), plan, segment }));
  expect(inputs.reduce((sum, { length }) => sum + length, 0)).toBeLessThan(2e6);
});

test('a short video is one segment, a longer one at least two', () => {
  const count = (seconds: number): number => {
    const short = video(seconds, 2);
    return planSegments(short, planSamples(short, EXACT), EXACT).length;
  };
  expect([count(14), count(40)]).toEqual([1, 2]);
});

test('what cannot be sought is one segment from the beginning', () => {
  for (const more of [{ timeline: 'counted' as const }, { damaged: true }, { keyFramePts: [0] }]) {
    const whole = video(600, 5, more);
    const plan = planSamples(whole, EXACT);
    expect(planSegments(whole, plan, EXACT)).toEqual([
      { index: 0, from: 0, to: plan.count, startPts: null, nextStartPts: null },
    ]);
  }
});

test('with head coverage nothing behind the last sample counts as work', () => {
  const long = video(36_000, 5);
  const head = { ...EXACT, maxFrames: 20, coverage: 'head' } as const;
  expect(planSegments(long, planSamples(long, head), head).length).toBe(1);
});

const anyCase = fc
  .record({
    seconds: fc.integer({ min: 1, max: 5000 }),
    gopsS: fc.array(fc.integer({ min: 1, max: 40_000 }), { minLength: 1, maxLength: 300 }),
    heightPx: fc.constantFrom(144, 720, 2160),
    maxFrames: fc.integer({ min: 5, max: 3600 }),
    interval: fc.integer({ min: 1, max: 60 }),
    sampling: fc.constantFrom('exact' as const, 'fast' as const, 'keyframe' as const),
  })
  .map(({ seconds, gopsS, heightPx, ...options }) => {
    let at = 0;
    const keyFramePts = [0, ...gopsS.map((gop) => (at += gop))].filter((pts) => pts < seconds * 1000);
    const made = video(seconds, seconds, { keyFramePts, heightPx, widthPx: heightPx * 2 });
    const plan = planSamples(made, { ...options, coverage: 'whole' });
    return { made, plan, segments: planSegments(made, plan, options) };
  });

function timesOf(plan: SamplePlan, sample: number): number {
  return plan.kind === 'keyframe' ? (plan.pts[sample] ?? NaN) : (sample * plan.spacing.num * 1000) / plan.spacing.den;
}

test('every sample is in exactly one segment, and segments start where they say', () => {
  fc.assert(
    fc.property(anyCase, ({ made, plan, segments }) => {
      expect(segments[0]).toMatchObject({ index: 0, from: 0, startPts: null });
      expect(segments.at(-1)).toMatchObject({ to: plan.count, nextStartPts: null });
      segments.forEach((segment, index) => {
        expect(segment.index).toBe(index);
        expect(segment.to).toBeGreaterThan(segment.from);
        const next = segments[index + 1];
        if (next === undefined) return;
        expect(next.from).toBe(segment.to);
        expect(next.startPts).toBe(segment.nextStartPts);
        const startPts = next.startPts ?? NaN;
        expect(made.keyFramePts).toContain(startPts);
        // Its first sample is the first at or behind the key frame: an earlier one would need pictures before it.
        expect(timesOf(plan, next.from)).toBeGreaterThanOrEqual(startPts - 1e-6);
        expect(timesOf(plan, next.from - 1)).toBeLessThan(startPts);
      });
    }),
  );
});

test('the tail covers all from the unsafe segment on, and starts where the one before it did', () => {
  fc.assert(
    fc.property(anyCase, fc.nat(), ({ plan, segments }, number) => {
      const unsafe = number % segments.length;
      const tail = linearTail(segments, unsafe, plan);
      expect(tail).toEqual({
        index: segments.length,
        from: segments[unsafe]?.from,
        to: plan.count,
        startPts: segments[unsafe - 1]?.startPts ?? null,
        nextStartPts: null,
      });
      expect(() => linearTail(segments, segments.length, plan)).toThrow(RangeError);
    }),
  );
});
