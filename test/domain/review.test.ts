import fc from 'fast-check';
import {
  claimed,
  escalated,
  held,
  isOpen,
  nextDue,
  nextKind,
  openReview,
  read,
  released,
  withdrawn,
  type ReviewState,
} from '../../src/domain/review.js';
import { refusalOfClaim, refusalOfDecision, refusalOfEscalation } from '../../src/domain/review-refusals.js';
import { reviewRules } from '../../src/domain/review-rules.js';
import { queueState } from '../../src/domain/review-view.js';
import type { ReviewDecision } from '../../src/schema/review.js';
import type { ReadingRule } from '../../src/schema/review-rules.js';
import type { Policy } from '../../src/schema/policy.js';
import { POLICY } from '../support/verdicts.js';

const PEOPLE = ['ann', 'bob', 'cleo', 'dan'];

function policyOf(reading: ReadingRule): Policy {
  return { ...POLICY, review: { deadline: '1h', onDeadline: 'block', remind: '10m', escalate: '20m', reading } };
}

function opened(reading: ReadingRule, change: Partial<ReviewState> = {}): ReviewState {
  const opening = { kind: 'review' as const, categories: ['porn' as const], barred: [], appealId: null, nowMs: 0 };
  return { ...openReview(opening, reviewRules(policyOf(reading), ['porn'])), ...change };
}

function decisionOf(reviewer: string, suggestion: 'pass' | 'block', change: Partial<ReviewDecision> = {}) {
  return { decisionId: `${reviewer}-${suggestion}`, suggestion, reviewer, reason: null, ...change };
}

const rules = reviewRules(POLICY, []);

describe('rules of reading', () => {
  test('one reading settles a task', () => {
    expect(read(opened('one'), decisionOf('ann', 'pass')).step).toBe('decided');
  });

  test('two who agree settle it, and two who differ leave it to a third', () => {
    const once = read(opened('two'), decisionOf('ann', 'block'));
    expect(once.step).toBe('waiting');
    expect(read(once, decisionOf('bob', 'block')).step).toBe('decided');
    const differing = read(once, decisionOf('bob', 'pass'));
    expect([differing.step, differing.level]).toEqual(['waiting', 'reviewer']);
    expect(read(differing, decisionOf('cleo', 'pass')).step).toBe('decided');
  });

  test('two who block different scenes do not agree', () => {
    const once = read(opened('two'), decisionOf('ann', 'block'));
    expect(read(once, decisionOf('bob', 'block', { scenes: { ad: 'block' } })).step).toBe('waiting');
  });

  test('where two differ and a lead is to judge, the task is escalated, and the lead settles it', () => {
    const once = read(opened('adjudicated'), decisionOf('ann', 'block'));
    const differing = read(once, decisionOf('bob', 'pass'));
    expect([differing.step, differing.level, nextKind(differing)]).toEqual(['waiting', 'lead', 'adjudication']);
    expect(read(differing, decisionOf('cleo', 'block')).step).toBe('decided');
  });

  test('once a task is escalated a lead settles it alone', () => {
    expect(read(escalated(opened('two')), decisionOf('cleo', 'pass')).step).toBe('decided');
  });

  test('the strictest scene of a verdict counts, and where none says anything the rule for all', () => {
    const porn = { ...POLICY.scenes.porn!, reading: 'adjudicated' as const };
    const policy: Policy = { ...policyOf('two'), scenes: { porn, ad: { ...porn, reading: 'one' } } };
    expect(reviewRules(policy, ['ad']).reading).toBe('one');
    expect(reviewRules(policy, ['ad', 'porn']).reading).toBe('adjudicated');
    expect(reviewRules(policy, ['logo']).reading).toBe('two');
    expect(reviewRules(policy, []).reading).toBe('two');
  });
});

describe('what is due', () => {
  test('who is at work is interrupted by the end of the lease and by the deadline only', () => {
    const state = opened('one');
    expect(nextDue(state)).toEqual({ what: 'remind', atMs: 600_000 });
    const taken = claimed(state, { claimId: 'c', reviewer: 'ann', as: 'reviewer' }, 900_000);
    expect(nextDue(taken)).toEqual({ what: 'lease', atMs: 900_000 });
    expect(nextDue({ ...taken, lease: { ...taken.lease!, untilMs: 9e9 } }).what).toBe('deadline');
    expect(nextDue(released(taken)).what).toBe('remind');
  });

  test('who decided before the deadline has decided in time', () => {
    const state = held(opened('one'), decisionOf('ann', 'pass'), 3_601_000);
    expect(nextDue(state)).toEqual({ what: 'counts', atMs: 3_601_000 });
  });
});

/** What people may try in any order. */
type Step =
  | { kind: 'claim' | 'release' | 'escalate' | 'withdraw'; who: string }
  | { kind: 'submit' | 'hold'; who: string; suggestion: 'pass' | 'block'; as: 'reviewer' | 'lead' };
const who = fc.constantFrom(...PEOPLE);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constantFrom('claim', 'release', 'escalate', 'withdraw'), who }),
  fc.record({
    kind: fc.constantFrom('submit', 'hold'),
    who,
    suggestion: fc.constantFrom('pass', 'block'),
    as: fc.constantFrom('reviewer', 'lead'),
  }),
);

/** The state after a step, which is the same one when the step is refused. */
function after(state: ReviewState, each: Step, id: string): ReviewState {
  const reviewer = each.who;
  switch (each.kind) {
    case 'claim': {
      const claim = { claimId: id, reviewer, as: 'reviewer' as const };
      return refusalOfClaim(state, claim) === null ? claimed(state, claim, 1000) : state;
    }
    case 'release':
      return state.lease?.reviewer === reviewer ? released(state) : state;
    case 'escalate': {
      const escalation = { escalationId: id, reviewer, reason: null };
      return refusalOfEscalation(state, escalation) === null ? escalated(state, escalation) : state;
    }
    case 'withdraw':
      return state.held?.decision.reviewer === reviewer ? withdrawn(state) : state;
    case 'submit':
    case 'hold': {
      const decision = decisionOf(reviewer, each.suggestion, { decisionId: id, as: each.as });
      if (refusalOfDecision(state, decision, rules) !== null) return state;
      return each.kind === 'hold' ? held(state, decision, 1000) : read(state, decision);
    }
  }
}

test('whatever people try, a task is settled once, by as many as its rule asks for, and nobody reads it twice', () => {
  fc.assert(
    fc.property(fc.constantFrom('one', 'two', 'adjudicated'), fc.array(step, { maxLength: 40 }), (rule, steps) => {
      let state = opened(rule);
      steps.forEach((each, index) => {
        const before = state;
        state = after(before, each, `id-${index}`);
        if (!isOpen(before)) expect(state).toBe(before);
        if (before.level === 'lead') expect(state.level).toBe('lead');
        if (before.lease !== null && before.lease.reviewer !== each.who) expect(state).toBe(before);
        expect(state.step === 'claimed').toBe(state.lease !== null);
        expect(state.step === 'held').toBe(state.held !== null);
        expect(queueState(state) === null).toBe(!isOpen(state));
        const readers = state.readings.map(({ reviewer }) => reviewer);
        expect(new Set(readers).size).toBe(readers.length);
        if (state.step === 'decided' && isOpen(before) && rule !== 'one' && before.level === 'reviewer')
          expect(readers.length).toBeGreaterThan(1);
      });
    }),
    { numRuns: 500 },
  );
});
