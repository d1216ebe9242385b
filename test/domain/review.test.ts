import { refusalOf, settle } from '../../src/domain/review.js';
import { decide } from '../../src/domain/decide.js';
import type { ReviewDecision } from '../../src/schema/review.js';
import { decidable, scores } from '../support/verdicts.js';

const decision: ReviewDecision = { decisionId: 'd1', suggestion: 'block', reviewer: 'ann', reason: null };

test('a decision is accepted while the task waits for one', () => {
  expect(refusalOf({ step: 'waiting' }, decision)).toBeNull();
});

test('a decision is refused before there is a verdict and after the review has ended', () => {
  expect(refusalOf({ step: 'not yet' }, decision)).toContain('not known yet');
  expect(refusalOf({ step: 'over' }, decision)).toContain('ended');
});

test('the same decision is accepted again, another one is not', () => {
  const state = { step: 'decided', decisionId: 'd1' } as const;
  expect(refusalOf(state, decision)).toBeNull();
  expect(refusalOf(state, { ...decision, decisionId: 'd2' })).toContain('already decided');
});

test.each([
  [{ decisionId: '' }, 'decisionId'],
  [{ reviewer: '' }, 'reviewer'],
  [{ suggestion: 'maybe' as 'pass' }, 'suggestion'],
  [{ reason: 7 as unknown as string }, 'reason'],
])('a malformed decision %j is refused with the name of what is wrong', (change, named) => {
  expect(refusalOf({ step: 'waiting' }, { ...decision, ...change })).toContain(named);
});

test('a pass clears what the machine found, a block keeps it as the evidence', () => {
  const verdict = decide(decidable(scores({ 3: [0.9] })));
  expect(settle(verdict, 'pass', 'Fine.')).toMatchObject({ suggestion: 'pass', categories: [], blockFrames: [] });
  expect(settle(verdict, 'block', 'Not fine.')).toMatchObject({
    suggestion: 'block',
    categories: ['porn'],
    blockFrames: verdict.blockFrames,
    reasons: ['Not fine.', ...verdict.reasons],
  });
});
