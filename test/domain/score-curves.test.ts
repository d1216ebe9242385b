import fc from 'fast-check';
import { downsample, MAX_POINTS, scoreCurves, type CurveInput } from '../../src/domain/score-curves.js';
import { DETECTORS, POLICY, scores } from '../support/verdicts.js';

const input = (changes: Partial<CurveInput>): CurveInput => ({
  observations: [],
  detectors: DETECTORS,
  policy: POLICY,
  inspected: [{ from: 0, to: 20 }],
  timeS: (sample) => sample * 2,
  ...changes,
});

describe('curves of scores', () => {
  it('tell of each class that speaks for the scene, with the thresholds of the policy that decided', () => {
    const observations = [
      ...scores({ 3: [0.9, 0.6], 4: [0.4] }),
      { detector: 'nsfwjs', sample: 3, class: 'drawing', score: 0.8 },
    ];
    const [first, second, ...more] = scoreCurves(input({ observations }));
    expect(first).toMatchObject({ scene: 'porn', detector: 'nsfwjs', class: 'porn', review: 0.5, block: 0.8 });
    expect(first!.points).toEqual([
      [6, 0.9],
      [8, 0.4],
    ]);
    expect(second!.points).toEqual([[6, 0.6]]);
    expect(more).toEqual([]);
  });

  it('fall to 0 beside what a detector found that looked at every sample, and not where one was asked now and then', () => {
    const observations = scores({ 3: [0.9, 0.6] });
    const looked = { nsfwjs: 20, 'open-nsfw': 1 };
    const [first, second] = scoreCurves(input({ observations, looked }));
    expect(first!.points).toEqual([
      [4, 0],
      [6, 0.9],
      [8, 0],
    ]);
    expect(second!.points).toEqual([[6, 0.6]]);
  });

  it('say nothing of samples that were not classified', () => {
    const observations = scores({ 19: [0.9] });
    const [curve] = scoreCurves(input({ observations, looked: { nsfwjs: 20 } }));
    expect(curve!.points).toEqual([
      [36, 0],
      [38, 0.9],
    ]);
  });

  it('hold for the whole of a stretch that was found as one', () => {
    const observations = scores({ 3: [0.9] }).map((seen) => ({ ...seen, span: { startS: 5, endS: 11 } }));
    expect(scoreCurves(input({ observations }))[0]!.points).toEqual([
      [5, 0.9],
      [6, 0.9],
      [11, 0.9],
    ]);
  });

  it('leave out what never reaches the floor, and know no thresholds without the policy', () => {
    const observations = scores({ 3: [0.05, 0.6] });
    const curves = scoreCurves(input({ observations, policy: null }));
    expect(curves.map(({ detector, review, block }) => [detector, review, block])).toEqual([['open-nsfw', null, null]]);
  });

  it('keep their highest points when there are too many', () => {
    const point = fc.tuple(fc.constant(0), fc.double({ min: 0, max: 1, noNaN: true }));
    fc.assert(
      fc.property(fc.array(point, { maxLength: 400 }), fc.integer({ min: 1, max: 100 }), (values, most) => {
        const points = values.map(([, score], index): [number, number] => [index, score]);
        const kept = downsample(points, most);
        expect(kept.length).toBe(Math.min(points.length, most));
        expect(Math.max(-1, ...kept.map(([, score]) => score))).toBe(Math.max(-1, ...points.map(([, score]) => score)));
        expect(kept.map(([at]) => at)).toEqual([...kept.map(([at]) => at)].sort((a, b) => a - b));
        expect(kept.every((each) => points.some((other) => other === each))).toBe(true);
      }),
    );
    expect(downsample(Array.from({ length: 3600 }, (_, index): [number, number] => [index, 0]))).toHaveLength(
      MAX_POINTS,
    );
  });
});
