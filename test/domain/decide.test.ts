import { decide } from '../../src/domain/decide.js';
import { decidable, DETECTORS, POLICY, scores } from '../support/verdicts.js';

test('a video on which nothing was seen passes, with every sample counted', () => {
  const verdict = decide(decidable(scores({ 4: [0.2] })));
  expect(verdict).toMatchObject({ suggestion: 'pass', categories: [], blockFrames: [] });
  expect(verdict.coverage).toEqual({ inspected: 20, planned: 20, largestGapS: 1 });
});

test('one family alone asks for a person, however sure and however often', () => {
  const sure = Object.fromEntries(Array.from({ length: 20 }, (_, sample) => [sample, [0.99, 0.1] as [number, number]]));
  const verdict = decide(decidable(scores(sure)));
  expect(verdict.suggestion).toBe('review');
  expect(verdict.blockFrames).toHaveLength(20);
  expect(verdict.blockFrames[7]).toMatchObject({ offset: 7, rate: 99, label: 'porn', detectors: ['nsfwjs'] });
});

test('both families on a single frame ask for a person: the parrot is not blocked', () => {
  expect(decide(decidable(scores({ 8: [0.97, 0.79] }))).suggestion).toBe('review');
});

test('both families on three of five neighbouring samples block, at the lower of the two scores', () => {
  const verdict = decide(decidable(scores({ 8: [0.97, 0.79], 10: [0.9, 0.95], 12: [0.85, 0.9] })));
  expect(verdict.suggestion).toBe('block');
  expect(verdict.categories).toEqual(['porn']);
  expect(verdict.blockFrames.map(({ sample, rate }) => [sample, rate])).toEqual([
    [8, 79],
    [10, 90],
    [12, 85],
  ]);
});

test('three corroborated samples that are too far apart ask for a person', () => {
  expect(decide(decidable(scores({ 2: [0.9, 0.9], 9: [0.9, 0.9], 16: [0.9, 0.9] }))).suggestion).toBe('review');
});

test('a scene that the policy lets go to review at most is not blocked', () => {
  const policy = { ...POLICY, scenes: { porn: { ...POLICY.scenes.porn!, atMost: 'review' as const } } };
  const observations = scores({ 8: [0.97, 0.79], 9: [0.9, 0.95], 10: [0.85, 0.9] });
  expect(decide(decidable(observations, { policy })).suggestion).toBe('review');
});

test('a detector that may go to review at most corroborates no block', () => {
  const detectors = DETECTORS.map((detector) => ({ ...detector, atMost: 'review' as const }));
  const observations = scores({ 8: [0.97, 0.79], 9: [0.9, 0.95], 10: [0.85, 0.9] });
  expect(decide(decidable(observations, { detectors })).suggestion).toBe('review');
});

test('a video of which too little could be inspected is not passed without a person', () => {
  const verdict = decide(decidable([], { inspected: [{ from: 0, to: 12 }] }));
  expect(verdict.suggestion).toBe('review');
  expect(verdict.reasons.join(' ')).toContain('Only 12 of 20 samples');
  expect(verdict.coverage.largestGapS).toBe(9);
});

test('a damaged file is not passed without a person: what lies behind the damage was not seen', () => {
  const video = { timeBase: { num: 1, den: 1000 }, durationS: 20, damaged: true };
  const verdict = decide(decidable([], { video }));
  expect(verdict.suggestion).toBe('review');
  expect(verdict.reasons.join(' ')).toContain('damaged');
});

test('a scene without a detector is named as not inspected', () => {
  const verdict = decide(decidable([], { scenes: ['porn', 'logo', 'ad'] }));
  expect(verdict).toMatchObject({ suggestion: 'pass', inspectedScenes: ['porn'], notInspectedScenes: ['ad', 'logo'] });
});

test('when no scene could be inspected a person has to look', () => {
  expect(decide(decidable([], { scenes: ['logo'], detectors: [] })).suggestion).toBe('review');
});

test('observations below the floor change nothing, not even the wording', () => {
  const kept = scores({ 3: [0.6] });
  expect(decide(decidable([...kept, ...scores({ 5: [0.09], 6: [0.0999] })]))).toEqual(decide(decidable(kept)));
});

test('an image is blocked on one frame that both families agree on, and goes to a person when one is alone', () => {
  const image = { taskType: 'ImageModeration' as const };
  expect(decide(decidable(scores({ 3: [0.95, 0.9] }), image))).toMatchObject({
    suggestion: 'block',
    categories: ['porn'],
  });
  expect(decide(decidable(scores({ 3: [0.95] }), image)).suggestion).toBe('review');
  expect(decide(decidable(scores({ 3: [0.95, 0.9] }))).suggestion).toBe('review');
});
