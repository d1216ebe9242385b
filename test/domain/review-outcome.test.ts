import { decide } from '../../src/domain/decide.js';
import { decidedVerdict, expiredVerdict, explainDecision, sceneReadings } from '../../src/domain/review-outcome.js';
import { isQualitySample } from '../../src/domain/review-rules.js';
import { decidable, POLICY, scores } from '../support/verdicts.js';

const verdict = decide(decidable(scores({ 3: [0.9], 8: [0.7] })));
const blocked = { suggestion: 'block' as const };

test('a pass clears what the machine found, a block keeps it as the evidence', () => {
  expect(decidedVerdict(verdict, { suggestion: 'pass' }, 'Fine.')).toMatchObject({
    suggestion: 'pass',
    categories: [],
    blockFrames: [],
  });
  expect(decidedVerdict(verdict, blocked, 'Not fine.')).toMatchObject({
    suggestion: 'block',
    categories: ['porn'],
    blockFrames: verdict.blockFrames,
    reasons: ['Not fine.', ...verdict.reasons],
  });
});

test('categories are the scenes that a person blocks, also those that no detector found', () => {
  const scenes = { porn: 'pass', ad: 'block' } as const;
  expect(decidedVerdict(verdict, { ...blocked, scenes }, '')).toMatchObject({ categories: ['ad'], blockFrames: [] });
});

test('block frames of a stretch that is passed go, and the last stretch that holds a frame counts', () => {
  const span = { scene: 'porn', startS: 0, endS: 5 } as const;
  const passed = { ...span, suggestion: 'pass' } as const;
  const offsets = (spans: Parameters<typeof decidedVerdict>[1]['spans']) =>
    decidedVerdict(verdict, { ...blocked, spans }, '').blockFrames.map(({ offset }) => offset);
  expect(offsets([])).toEqual([3, 8]);
  expect(offsets([passed])).toEqual([8]);
  expect(offsets([passed, { ...span, suggestion: 'block' }])).toEqual([3, 8]);
  expect(offsets([{ ...passed, scene: 'ad' }])).toEqual([3, 8]);
});

test('a deadline that passes clears what was found, one that blocks keeps it', () => {
  expect(expiredVerdict(verdict, 'pass', 'Late.')).toMatchObject({
    suggestion: 'pass',
    categories: [],
    blockFrames: [],
  });
  expect(expiredVerdict(verdict, 'block', 'Late.').blockFrames).toEqual(verdict.blockFrames);
});

test('a reading says of every scene what the machine and the person said, and by which thresholds', () => {
  const [nsfwjs, openNsfw] = [
    { detector: 'nsfwjs', review: 0.5, block: 0.8 },
    { detector: 'open-nsfw', review: 0.5, block: 0.7 },
  ];
  const thresholds = [nsfwjs, openNsfw];
  const porn = { scene: 'porn', thresholds, machine: 'review' };
  expect(sceneReadings(verdict, blocked, POLICY)).toEqual([{ ...porn, person: 'block' }]);
  expect(sceneReadings(verdict, { ...blocked, scenes: { porn: 'pass', ad: 'block' } }, POLICY)).toEqual([
    { ...porn, person: 'pass' },
    { scene: 'ad', thresholds: [], machine: 'pass', person: 'block' },
  ]);
  const capped = { ...POLICY, scenes: { porn: { ...POLICY.scenes.porn!, atMost: 'review' as const } } };
  expect(sceneReadings({ ...verdict, suggestion: 'block' }, blocked, capped)[0]?.machine).toBe('review');
  // A rule that a detector brings along counts where the policy has none, and who looked for another scene says nothing.
  const [first, second] = verdict.detectors;
  const own = { ...first!, name: 'own', rule: { review: 0.3 } };
  const detectors = [own, first!, { ...second!, scene: 'ad' as const }];
  expect(sceneReadings({ ...verdict, detectors }, blocked, POLICY)[0]?.thresholds).toEqual([
    nsfwjs,
    { detector: 'own', review: 0.3, block: null },
  ]);
  expect(sceneReadings(verdict, blocked, null)).toEqual([{ ...porn, thresholds: [], person: 'block' }]);
});

test('who decided is told with the reason', () => {
  expect(explainDecision({ suggestion: 'pass', reason: 'A parrot', reasonCode: 'harmless' }, ['ann', 'bob'])).toBe(
    'ann and bob decided pass: harmless; A parrot.',
  );
  expect(explainDecision({ suggestion: 'block', reason: null }, ['ann'])).toBe('ann decided block.');
});

test('about the share that is asked for is read again, always the same', () => {
  const ids = Array.from({ length: 20_000 }, (_, index) => `decision-${index}`);
  const chosen = ids.filter((id) => isQualitySample(id, 0.02));
  expect(chosen.length).toBeGreaterThan(320);
  expect(chosen.length).toBeLessThan(480);
  expect(ids.filter((id) => isQualitySample(id, 0.02))).toEqual(chosen);
  expect(ids.filter((id) => isQualitySample(id, 0))).toEqual([]);
  expect(ids.filter((id) => isQualitySample(id, 1))).toEqual(ids);
});
