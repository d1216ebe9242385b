import type {
  AppealRequest,
  ClaimRequest,
  EscalationRequest,
  ReleaseRequest,
  ReviewDecision,
  WithdrawalRequest,
} from '../schema/review.js';
import { REVIEW_LEVELS, type ReviewLevel } from '../schema/review-rules.js';
import { SCENES } from '../schema/scene.js';
import type { ReviewRules } from './review-rules.js';
import { readersOf } from './review-view.js';
import { blockedScenes, isAppealed, isOpen, type ReviewState } from './review.js';

// Each of these answers why a message cannot be accepted now, in a sentence for who sent it, or null when it can. Messages come from any client of the
// cluster, and zod must stay out of the workflow bundle: what the rest relies on is checked here. A message that was accepted is accepted again.

export function refusalOfClaim(state: ReviewState, claim: Partial<ClaimRequest>): string | null {
  const { claimId, reviewer, as } = claim;
  const missing = missingOf({ claimId, reviewer });
  if (missing !== null) return missing;
  if (as === undefined || !REVIEW_LEVELS.includes(as)) return `Expected as to be reviewer or lead, received ${as}.`;
  return notNow(state, reviewer ?? '') ?? wrongReader(state, reviewer ?? '', as) ?? taken(state, reviewer ?? '');
}

export function refusalOfRelease(state: ReviewState, release: Partial<ReleaseRequest>): string | null {
  const { claimId, reviewer } = release;
  const missing = missingOf({ claimId, reviewer });
  if (missing !== null) return missing;
  // Who gives back what they have no more wants nothing else.
  if (state.lease?.claimId !== claimId) return null;
  return state.lease?.reviewer === reviewer ? null : `The task is taken by ${state.lease?.reviewer}, not ${reviewer}.`;
}

export function refusalOfEscalation(state: ReviewState, escalation: Partial<EscalationRequest>): string | null {
  const { escalationId, reviewer, reason } = escalation;
  const missing = missingOf({ escalationId, reviewer }) ?? notText(reason);
  if (missing !== null) return missing;
  if (state.escalations.includes(escalationId ?? '')) return null;
  if (state.level === 'lead' && isOpen(state)) return 'The task is left to the leads already.';
  return notNow(state, reviewer ?? '') ?? taken(state, reviewer ?? '', escalation.claimId);
}

export function refusalOfDecision(
  state: ReviewState,
  decision: Partial<ReviewDecision>,
  { reasons }: Pick<ReviewRules, 'reasons'>,
): string | null {
  const { decisionId, reviewer, claimId, as = 'lead' } = decision;
  const malformed = malformedDecision(decision);
  if (malformed !== null) return malformed;
  if (isKnown(state, decisionId ?? '')) return null;
  return (
    notNow(state, reviewer ?? '') ??
    wrongReader(state, reviewer ?? '', as) ??
    taken(state, reviewer ?? '', claimId) ??
    unknownReason(decision, reasons) ??
    contradiction(state, decision)
  );
}

export function refusalOfWithdrawal(
  { held, answers, step }: ReviewState,
  withdrawal: Partial<WithdrawalRequest>,
): string | null {
  const { decisionId, reviewer } = withdrawal;
  const missing = missingOf({ decisionId, reviewer });
  if (missing !== null) return missing;
  if (held?.decision.decisionId === decisionId) {
    return held?.decision.reviewer === reviewer ? null : `The decision is ${held?.decision.reviewer}'s to withdraw.`;
  }
  if (Object.hasOwn(answers, decisionId ?? '') || step === 'decided') {
    return 'The decision counts already: open an appeal to have the task read again.';
  }
  return 'No decision of this id may be withdrawn: it was withdrawn already, or never made.';
}

export function refusalOfAppeal(
  state: ReviewState,
  appeal: Partial<AppealRequest>,
  hasVerdict: boolean,
): string | null {
  const { appealId, appellant, reason } = appeal;
  const missing = missingOf({ appealId, appellant }) ?? notText(reason);
  if (missing !== null) return missing;
  if (state.step === 'not yet' && !hasVerdict) return 'The task cannot be appealed: its verdict is not known yet.';
  if (state.appealId === appealId) return null;
  if (isAppealed(state)) return 'The task is read again already, by another appeal.';
  if (isOpen(state)) return 'The task waits for a person as it is: there is nothing to appeal against yet.';
  return null;
}

/** Whether a decision was made already, whatever became of it. */
export function isKnown({ answers, held, readings }: ReviewState, decisionId: string): boolean {
  return (
    Object.hasOwn(answers, decisionId) ||
    held?.decision.decisionId === decisionId ||
    readings.some((reading) => reading.decisionId === decisionId)
  );
}

function notNow(state: ReviewState, reviewer: string): string | null {
  switch (state.step) {
    case 'waiting':
    case 'claimed':
      return null;
    case 'held':
      return state.held?.decision.reviewer === reviewer
        ? 'You have decided the task: withdraw that decision to make another.'
        : `${state.held?.decision.reviewer} has decided the task a moment ago.`;
    case 'decided':
      return 'The task is already decided: open an appeal to have it read again.';
    case 'not yet':
      return 'The task is not waiting for a review: its verdict is not known yet.';
    case 'expired':
    case 'none':
      return 'The task is not waiting for a review: its review has ended.';
  }
}

function wrongReader(state: ReviewState, reviewer: string, as: ReviewLevel): string | null {
  if (state.level === 'lead' && as !== 'lead') return 'The task is escalated: only a lead may decide it.';
  if (!readersOf(state).includes(reviewer)) return null;
  return `${reviewer} has decided the task before: somebody else has to read it now.`;
}

/** Who has the task alone may act on it, and not by a lease that is another one's, or over. */
function taken({ lease }: ReviewState, reviewer: string, claimId?: string): string | null {
  if (lease === null) return null;
  if (lease.reviewer !== reviewer) return `The task is taken by ${lease.reviewer}.`;
  return claimId === undefined || claimId === lease.claimId ? null : 'The task was taken anew: this lease is over.';
}

function unknownReason({ reasonCode }: Partial<ReviewDecision>, reasons: readonly string[]): string | null {
  if (reasonCode === undefined || reasonCode === null || reasons.includes(reasonCode)) return null;
  return `Expected reasonCode to be one of ${reasons.join(', ')}, received ${reasonCode}.`;
}

function contradiction(state: ReviewState, { suggestion, scenes, spans = [] }: Partial<ReviewDecision>): string | null {
  if (suggestion === undefined) return null;
  const blocked = blockedScenes({ suggestion, scenes }, state.categories);
  if (suggestion === 'pass' && blocked.length > 0)
    return `A pass blocks no scene, but this one blocks ${blocked.join(', ')}.`;
  if (suggestion === 'block' && blocked.length === 0)
    return 'A block needs a scene that is blocked: name at least one.';
  const stray = spans.find((span) => span.suggestion === 'block' && !blocked.includes(span.scene));
  return stray === undefined ? null : `A stretch is blocked for ${stray.scene}, but the scene is not.`;
}

function malformedDecision(decision: Partial<ReviewDecision>): string | null {
  const { decisionId, reviewer, suggestion, reason, scenes = {}, spans = [], undoMs = 0 } = decision;
  const missing = missingOf({ decisionId, reviewer });
  if (missing !== null) return missing;
  if (!isOutcome(suggestion)) return `Expected suggestion to be pass or block, received ${String(suggestion)}.`;
  const stray = Object.entries(scenes).find(
    ([scene, said]) => !SCENES.some((known) => known === scene) || !isOutcome(said),
  );
  if (stray !== undefined) return `Expected scenes to say pass or block of scenes, received ${stray.join(': ')}.`;
  if (!Array.isArray(spans) || !spans.every(isSpan))
    return 'Expected spans with a scene, startS ≤ endS, and pass or block.';
  if (!(undoMs >= 0 && undoMs <= 60_000)) return `Expected undoMs of 0 to 60000, received ${undoMs}.`;
  return notText(reason);
}

function isSpan({ scene, startS, endS, suggestion }: NonNullable<ReviewDecision['spans']>[number]): boolean {
  return SCENES.includes(scene) && startS <= endS && isOutcome(suggestion);
}

function isOutcome(value: unknown): value is 'pass' | 'block' {
  return value === 'pass' || value === 'block';
}

function missingOf(named: Record<string, string | undefined>): string | null {
  const missing = Object.entries(named).find(([, value]) => typeof value !== 'string' || value === '');
  return missing === undefined ? null : `Expected ${missing[0]} to be a non-empty string.`;
}

function notText(reason: string | null | undefined): string | null {
  return reason === null || typeof reason === 'string' ? null : 'Expected reason to be a string or null.';
}
