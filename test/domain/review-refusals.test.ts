import {
  claimed,
  closedReview,
  ended,
  escalated,
  held,
  openReview,
  read,
  type ReviewState,
} from '../../src/domain/review.js';
import {
  refusalOfAppeal,
  refusalOfClaim,
  refusalOfDecision,
  refusalOfEscalation,
  refusalOfRelease,
  refusalOfWithdrawal,
} from '../../src/domain/review-refusals.js';
import { reviewRules } from '../../src/domain/review-rules.js';
import type { ReviewDecision } from '../../src/schema/review.js';
import { POLICY } from '../support/verdicts.js';

const rules = reviewRules(POLICY, []);
const opening = { kind: 'review' as const, categories: ['porn' as const], barred: ['zoe'], appealId: null, nowMs: 1 };
const waiting = openReview(opening, rules);
const decision: ReviewDecision = { decisionId: 'd1', suggestion: 'block', reviewer: 'ann', reason: null };
const claim = { claimId: 'c1', reviewer: 'ann', as: 'reviewer' } as const;
const byAnn = claimed(waiting, claim, 1000);
const decided = read(waiting, decision);

const refusal = (state: ReviewState, change: Partial<ReviewDecision> = {}) =>
  refusalOfDecision(state, { ...decision, ...change }, rules);

describe('decisions', () => {
  test('one is accepted while the task waits, and under the lease of who made it', () => {
    expect(refusal(waiting)).toBeNull();
    expect(refusal(byAnn, { claimId: 'c1' })).toBeNull();
    expect(refusal(byAnn)).toBeNull();
  });

  test.each([
    ['before there is a verdict', closedReview(), 'not known yet'],
    ['where nobody is needed', closedReview('none'), 'has ended'],
    ['after the deadline', ended(waiting, 'expired'), 'has ended'],
    [
      'while another one may be withdrawn',
      held(waiting, { ...decision, decisionId: 'd0', reviewer: 'bob' }, 9),
      'bob has decided',
    ],
  ])('one is refused %s', (_when, state, why) => {
    expect(refusal(state)).toContain(why);
  });

  test('the same one is accepted again, held or decided, and another one is not', () => {
    expect(refusal(decided)).toBeNull();
    expect(refusal(held(waiting, decision, 9))).toBeNull();
    expect(refusal(decided, { decisionId: 'd2' })).toContain('already decided');
  });

  test('one is refused while somebody else has the task, and under a lease that is over', () => {
    expect(refusal(byAnn, { reviewer: 'bob' })).toBe('The task is taken by ann.');
    expect(refusal(byAnn, { claimId: 'c0' })).toContain('this lease is over');
  });

  test('one is refused from who has decided before, in this review or before the appeal', () => {
    expect(refusal({ ...waiting, readings: [{ decisionId: 'x', reviewer: 'ann', blocked: [] }] })).toContain(
      'somebody else',
    );
    expect(refusal(waiting, { reviewer: 'zoe' })).toContain('somebody else');
  });

  test('of an escalated task only a lead decides; who says nothing counts as one', () => {
    const left = escalated(waiting);
    expect(refusal(left, { as: 'reviewer' })).toContain('only a lead');
    expect(refusal(left, { as: 'lead' })).toBeNull();
    expect(refusal(left)).toBeNull();
  });

  test('a reason that the project does not list is refused, with those that it does', () => {
    expect(refusal(waiting, { reasonCode: 'because' })).toContain('harmless, false-alarm');
    expect(refusal(waiting, { reasonCode: 'harmless' })).toBeNull();
  });

  test.each([
    [{ suggestion: 'pass', scenes: { ad: 'block' } }, 'blocks no scene'],
    [{ suggestion: 'block', scenes: { porn: 'pass' } }, 'needs a scene'],
    [{ spans: [{ scene: 'ad', startS: 0, endS: 1, suggestion: 'block' }] }, 'the scene is not'],
  ] as const)('one that contradicts itself is refused: %j', (change, why) => {
    expect(refusal(waiting, change as Partial<ReviewDecision>)).toContain(why);
  });

  test.each([
    [{ decisionId: '' }, 'decisionId'],
    [{ reviewer: '' }, 'reviewer'],
    [{ suggestion: 'maybe' }, 'suggestion'],
    [{ reason: 7 }, 'reason'],
    [{ scenes: { cats: 'block' } }, 'scenes'],
    [{ scenes: { porn: 'perhaps' } }, 'scenes'],
    [{ spans: [{ scene: 'porn', startS: 2, endS: 1, suggestion: 'block' }] }, 'spans'],
    [{ undoMs: -1 }, 'undoMs'],
  ])('a malformed one is refused with the name of what is wrong: %j', (change, named) => {
    expect(refusal(waiting, change as unknown as Partial<ReviewDecision>)).toContain(named);
  });
});

describe('other messages', () => {
  test('a task is taken by one person, who may take it anew', () => {
    expect(refusalOfClaim(waiting, claim)).toBeNull();
    expect(refusalOfClaim(byAnn, { ...claim, claimId: 'c2', reviewer: 'bob' })).toBe('The task is taken by ann.');
    expect(refusalOfClaim(byAnn, { ...claim, claimId: 'c2' })).toBeNull();
    expect(refusalOfClaim(escalated(waiting), claim)).toContain('only a lead');
    expect(refusalOfClaim(waiting, { ...claim, reviewer: 'zoe' })).toContain('somebody else');
    expect(refusalOfClaim(decided, claim)).toContain('already decided');
    expect(refusalOfClaim(waiting, { ...claim, as: 'boss' as 'lead' })).toContain('reviewer or lead');
    expect(refusalOfClaim(waiting, {})).toContain('claimId');
  });

  test('a lease is given back by who has it, and giving back another one changes nothing', () => {
    expect(refusalOfRelease(byAnn, { claimId: 'c1', reviewer: 'ann' })).toBeNull();
    expect(refusalOfRelease(byAnn, { claimId: 'c1', reviewer: 'bob' })).toContain('taken by ann');
    expect(refusalOfRelease(waiting, { claimId: 'c1', reviewer: 'ann' })).toBeNull();
  });

  test('a task is escalated once, and not while somebody else has it', () => {
    const escalation = { escalationId: 'e1', reviewer: 'ann', reason: null };
    expect(refusalOfEscalation(byAnn, escalation)).toBeNull();
    expect(refusalOfEscalation(byAnn, { ...escalation, reviewer: 'bob' })).toContain('taken by ann');
    expect(refusalOfEscalation(escalated(waiting, escalation), escalation)).toBeNull();
    expect(refusalOfEscalation(escalated(waiting), escalation)).toContain('left to the leads already');
    expect(refusalOfEscalation(decided, escalation)).toContain('already decided');
  });

  test('a decision is withdrawn by who made it, while it may be', () => {
    const kept = held(waiting, decision, 9);
    expect(refusalOfWithdrawal(kept, { decisionId: 'd1', reviewer: 'ann' })).toBeNull();
    expect(refusalOfWithdrawal(kept, { decisionId: 'd1', reviewer: 'bob' })).toContain("ann's to withdraw");
    expect(refusalOfWithdrawal(decided, { decisionId: 'd1', reviewer: 'ann' })).toContain('counts already');
    expect(refusalOfWithdrawal(waiting, { decisionId: 'd1', reviewer: 'ann' })).toContain(
      'withdrawn already, or never made',
    );
  });

  test('there is an appeal against a verdict that nobody is about to change', () => {
    const appeal = { appealId: 'a1', appellant: 'user', reason: null };
    expect(refusalOfAppeal(decided, appeal, true)).toBeNull();
    expect(refusalOfAppeal(closedReview('none'), appeal, true)).toBeNull();
    expect(refusalOfAppeal(closedReview(), appeal, true)).toBeNull();
    expect(refusalOfAppeal(closedReview(), appeal, false)).toContain('not known yet');
    expect(refusalOfAppeal(waiting, appeal, true)).toContain('waits for a person');
    expect(refusalOfAppeal({ ...waiting, kind: 'appeal' }, appeal, true)).toContain('another appeal');
    expect(refusalOfAppeal({ ...waiting, appealId: 'a1' }, appeal, true)).toBeNull();
    expect(refusalOfAppeal(decided, { ...appeal, appellant: '' }, true)).toContain('appellant');
  });
});
