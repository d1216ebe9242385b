import { decide } from '../../src/domain/decide.js';
import { withOwnRules } from '../../src/domain/own-rules.js';
import type { DetectorInfo } from '../../src/schema/detector-info.js';
import type { Observation } from '../../src/schema/observation.js';
import type { Policy } from '../../src/schema/policy.js';
import { decidable, DETECTORS, POLICY } from '../support/verdicts.js';

const WEAPONS: DetectorInfo = {
  name: 'weapons',
  version: '1',
  digest: 'e'.repeat(64),
  scene: 'terrorism',
  atMost: 'block',
  rule: { review: 0.5, block: 0.8 },
};
const seen = (...scores: number[]): Observation[] =>
  scores.map((score, sample) => ({ detector: 'weapons', sample, class: 'weapon', score }));
const verdictOf = (observations: Observation[], { policy = POLICY, weapons = WEAPONS } = {}) =>
  decide(decidable(observations, { scenes: ['terrorism'], detectors: [weapons], policy }));

test('what a detector brings along holds where the policy says nothing of its scene', () => {
  expect(verdictOf(seen(0.49)).suggestion).toBe('pass');
  const verdict = verdictOf(seen(0.6));
  expect(verdict).toMatchObject({ suggestion: 'review', categories: ['terrorism'], inspectedScenes: ['terrorism'] });
  expect(verdict.findings).toMatchObject([{ detector: 'weapons', class: 'weapon', score: 0.6 }]);
  expect(verdictOf(seen(0.9, 0.9)).suggestion).toBe('review');
  expect(verdictOf(seen(0.9, 0.9, 0.9)).suggestion).toBe('block');
});

test('it never comes to more than the detector may', () => {
  expect(verdictOf(seen(0.9, 0.9, 0.9), { weapons: { ...WEAPONS, atMost: 'review' } }).suggestion).toBe('review');
});

test('one whose word is enough blocks on one sample', () => {
  const weapons = { ...WEAPONS, rule: { review: 0.5, block: 0.8, alone: true } };
  expect(verdictOf(seen(0.9), { weapons }).suggestion).toBe('block');
});

test("the policy's own rule wins, and so do its bounds for the scene", () => {
  const terrorism = { detectors: { weapons: { review: 0.7 } }, window: { k: 1, n: 1 }, atMost: 'review' as const };
  const ruled: Policy = { ...POLICY, scenes: { ...POLICY.scenes, terrorism } };
  expect(verdictOf(seen(0.69, 0.69), { policy: ruled }).suggestion).toBe('pass');
  const bounded: Policy = { ...POLICY, scenes: { terrorism: { ...terrorism, detectors: {} } } };
  expect(verdictOf(seen(0.9), { policy: bounded }).suggestion).toBe('review');
});

test('a policy keeps its digest, and nothing changes where nobody brings a rule along', () => {
  const verdict = verdictOf(seen(0.9));
  expect(verdict.policyDigest).toBe('c'.repeat(64));
  expect(withOwnRules(POLICY, DETECTORS)).toEqual(POLICY);
});
