import fc from 'fast-check';
import { decide } from '../../src/domain/decide.js';
import { denserSegments, finerGrid, planDenser, sampleCount } from '../../src/domain/denser-samples.js';
import { onFinerGrid, planSamples, sampleTimeS } from '../../src/domain/sample-plan.js';
import { suspicionsOf } from '../../src/domain/suspicions.js';
import type { GridPlan } from '../../src/schema/plan.js';
import { SUGGESTIONS } from '../../src/schema/scene.js';
import { decidable, DETECTORS, POLICY, scores } from '../support/verdicts.js';

const OPTIONS = { interval: 1, maxFrames: 20, coverage: 'whole', sampling: 'exact' } as const;
const MINUTES = {
  durationPts: 180_000,
  timeBase: { num: 1, den: 1000 },
  timeline: 'source' as const,
  keyFramePts: [0],
};
/** 18 samples, ten seconds apart, and two left. */
const GRID = planSamples(MINUTES, OPTIONS, 0.1) as GridPlan;

describe('a reserve', () => {
  test('is kept of the samples of a video that is sampled thinner than asked for', () => {
    expect(GRID).toEqual({ kind: 'grid', spacing: { num: 10, den: 1 }, count: 18 });
  });

  test.each([
    ['there is none', OPTIONS, 0],
    ['all of the video is sampled as asked for', { ...OPTIONS, maxFrames: 200 }, 0.1],
    ['its beginning is', { ...OPTIONS, coverage: 'head' as const }, 0.1],
    ['nothing would fit between two samples', { ...OPTIONS, maxFrames: 100 }, 0.05],
  ])('changes nothing where %s', (_, options, reserve) => {
    expect(planSamples(MINUTES, options, reserve)).toEqual(planSamples(MINUTES, options));
  });
});

describe('samples in between', () => {
  const wide = { ...OPTIONS, maxFrames: 30 };
  const times = (plan: ReturnType<typeof planDenser>) =>
    plan?.denser.at.map((_, index) => sampleTimeS(plan, MINUTES.timeBase, plan.count + index));

  test('lie one interval apart, two on either side of the strongest first', () => {
    const one = { sample: 5, score: 0.9 };
    expect(times(planDenser(GRID, MINUTES, { ...OPTIONS, maxFrames: 22 }, [one]))).toEqual([48, 49, 51, 52]);
    const other = { sample: 9, score: 0.95 };
    expect(times(planDenser(GRID, MINUTES, { ...OPTIONS, maxFrames: 22 }, [one, other]))).toEqual([88, 89, 91, 92]);
    expect(times(planDenser(GRID, MINUTES, wide, [one, other]))).toEqual([
      ...[48, 49, 51, 52],
      ...[86, 87, 88, 89, 91, 92, 93, 94],
    ]);
  });

  test('fill the steps on both sides and no more, and none lies outside the video', () => {
    const plenty = { ...OPTIONS, maxFrames: 200 };
    expect(times(planDenser(GRID, MINUTES, plenty, [{ sample: 0, score: 1 }]))).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    const short = { ...MINUTES, durationPts: 174_500 };
    expect(times(planDenser(GRID, short, plenty, [{ sample: 17, score: 1 }]))?.slice(-5)).toEqual([
      169, 171, 172, 173, 174,
    ]);
  });

  test('are none where nothing is left, nothing suspicious, or only key frames are looked at', () => {
    const suspicion = [{ sample: 3, score: 0.9 }];
    expect(planDenser(GRID, MINUTES, { ...OPTIONS, maxFrames: 18 }, suspicion)).toBeNull();
    expect(planDenser(GRID, MINUTES, wide, [])).toBeNull();
    expect(planDenser({ kind: 'keyframe', pts: [0], count: 1 }, MINUTES, wide, suspicion)).toBeNull();
  });

  test('never are more than asked for, never where one is already, and each lies in the segment that it is decoded in', () => {
    const suspicion = fc.record({ sample: fc.nat(17), score: fc.double({ min: 0.1, max: 1, noNaN: true }) });
    fc.assert(
      fc.property(fc.array(suspicion, { minLength: 1 }), fc.integer({ min: 19, max: 200 }), (found, maxFrames) => {
        const plan = planDenser(GRID, MINUTES, { ...OPTIONS, maxFrames }, found);
        if (plan === null) throw new Error('Expected samples in between');
        expect(sampleCount(plan)).toBeLessThanOrEqual(maxFrames);
        const at = plan.denser.at;
        expect(at.every((number, index) => number % 10 !== 0 && number > (at[index - 1] ?? -1))).toBe(true);
        expect(planDenser(GRID, MINUTES, { ...OPTIONS, maxFrames }, [...found].reverse())).toEqual(plan);
        const first = [
          { index: 0, from: 0, to: 7, startPts: null, nextStartPts: 70_000 },
          { index: 1, from: 7, to: 18, startPts: 70_000, nextStartPts: null },
        ];
        const closer = denserSegments(plan, first, 2);
        expect(closer.flatMap(({ from, to }) => Array.from({ length: to - from }, (_, i) => from + i))).toEqual(
          at.map((_, index) => plan.count + index),
        );
        for (const { from, startPts } of closer)
          expect(sampleTimeS(plan, MINUTES.timeBase, from)).toBeGreaterThanOrEqual((startPts ?? 0) / 1000);
        expect(sampleTimeS(finerGrid(plan), MINUTES.timeBase, onFinerGrid(plan, 11))).toBe(110);
      }),
    );
  });
});

describe('a verdict', () => {
  const plan = { ...GRID, denser: { parts: 10, at: [48, 49, 51, 52] } };
  const inspected = [
    { from: 0, to: 18 },
    { from: 18, to: 22 },
  ];
  const video = { timeBase: MINUTES.timeBase, durationS: 180, damaged: false };
  const decideOn = (observations: ReturnType<typeof scores>) =>
    decide(decidable(observations, { plan, video, inspected }));

  test('counts neighbours where samples are dense: a scene of three seconds is blocked that the grid met once', () => {
    const met = scores({ 5: [0.9, 0.9] });
    expect(decide(decidable(met, { plan: GRID, video, inspected: [{ from: 0, to: 18 }] })).suggestion).toBe('review');
    const { suggestion, blockFrames, coverage, findings } = decideOn([
      ...met,
      ...scores({ 19: [0.9, 0.9], 20: [0.9, 0.9] }),
    ]);
    expect(suggestion).toBe('block');
    expect(blockFrames.map(({ sample, timeS }) => [sample, timeS])).toEqual([
      [19, 49],
      [5, 50],
      [20, 51],
    ]);
    expect(coverage).toEqual({ inspected: 22, planned: 22, largestGapS: 10, denser: 4 });
    expect(findings?.map(({ detector, startS, endS, samples }) => [detector, startS, endS, samples])).toEqual([
      ['nsfwjs', 49, 51, 3],
      ['open-nsfw', 49, 51, 3],
    ]);
  });

  test('still counts them on the grid: what a second pass saw nothing on takes no block away', () => {
    expect(decideOn(scores({ 4: [0.9, 0.9], 5: [0.9, 0.9], 6: [0.9, 0.9] })).suggestion).toBe('block');
  });

  test('takes samples far apart for no neighbours, whatever their numbers', () => {
    expect(decideOn(scores({ 16: [0.9, 0.9], 17: [0.9, 0.9], 18: [0.9, 0.9] })).suggestion).toBe('review');
  });

  test('is never loosened by a sample in between', () => {
    const score = fc.integer({ min: 0, max: 20 }).map((twentieths) => twentieths / 20);
    const seen = fc.dictionary(fc.nat(17).map(String), fc.tuple(score, score));
    const harm = (observations: ReturnType<typeof scores>) => SUGGESTIONS.indexOf(decideOn(observations).suggestion);
    fc.assert(
      fc.property(seen, fc.integer({ min: 18, max: 21 }), fc.tuple(score, score), (first, sample, more) => {
        expect(harm([...scores(first), ...scores({ [sample]: more })])).toBeGreaterThanOrEqual(harm(scores(first)));
      }),
    );
  });

  test('says of a sample that could not be taken no more than that it is missing', () => {
    const { coverage } = decide(decidable([], { plan, video, inspected: [{ from: 0, to: 20 }] }));
    expect(coverage).toEqual({ inspected: 20, planned: 22, largestGapS: 10, denser: 2 });
  });
});

test('suspicious is what has another detector or a person asked, of scenes asked for', () => {
  const task = {
    policy: POLICY,
    detectors: DETECTORS,
    taskType: 'VideoModeration' as const,
    options: { scenes: ['porn' as const] },
  };
  const seen = scores({ 3: [0.35], 4: [0.2, 0.45], 6: [0.3, 0.6] });
  expect(suspicionsOf(task, seen)).toEqual({
    samples: [
      { sample: 3, score: 0.35 },
      { sample: 6, score: 0.6 },
    ],
    scenes: ['porn'],
  });
  expect(suspicionsOf({ ...task, options: { scenes: ['ad'] } }, seen)).toEqual({ samples: [], scenes: [] });
});
