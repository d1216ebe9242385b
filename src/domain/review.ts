import type { Scene, Suggestion } from '../schema/scene.js';
import type { ReviewDecision } from '../schema/review.js';
import type { Verdict } from '../schema/verdict.js';

/** Where the review of a task stands. */
export type ReviewState =
  { step: 'not yet' } | { step: 'waiting' } | { step: 'decided'; decisionId: string } | { step: 'over' };

/**
 * Why a decision cannot be accepted now, or null when it can. A decision that was accepted before is accepted again, and changes nothing.
 */
export function refusalOf(state: ReviewState, decision: ReviewDecision): string | null {
  const malformed = malformedPart(decision);
  if (malformed !== null) return malformed;
  switch (state.step) {
    case 'waiting':
      return null;
    case 'decided':
      return state.decisionId === decision.decisionId
        ? null
        : 'The task is already decided: start an appeal to change it.';
    case 'not yet':
      return 'The task is not waiting for a review: its verdict is not known yet.';
    case 'over':
      return 'The task is not waiting for a review: its review has ended.';
  }
}

// Signals and updates come from any client of the cluster, and zod must stay out of the workflow bundle.
function malformedPart(decision: Partial<ReviewDecision>): string | null {
  if (!decision.decisionId) return 'Expected decisionId to be a non-empty string.';
  if (!decision.reviewer) return 'Expected reviewer to be a non-empty string.';
  if (decision.suggestion !== 'pass' && decision.suggestion !== 'block') {
    return `Expected suggestion to be pass or block, received ${String(decision.suggestion)}.`;
  }
  if (decision.reason !== null && typeof decision.reason !== 'string') return 'Expected reason to be a string or null.';
  return null;
}

/** The verdict after a person, a deadline or the like settled on a suggestion: what the machine found stays as the evidence for a block. */
export function settle(verdict: Verdict, suggestion: Suggestion, reason: string): Verdict {
  const cleared: { categories: Scene[]; blockFrames: Verdict['blockFrames'] } = { categories: [], blockFrames: [] };
  return { ...verdict, ...(suggestion === 'pass' ? cleared : {}), suggestion, reasons: [reason, ...verdict.reasons] };
}
