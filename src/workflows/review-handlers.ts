import { ApplicationFailure } from '@temporalio/common';
import { log, setHandler } from '@temporalio/workflow';
import { claimed, claimOf, escalated, held, released, withdrawn } from '../domain/review.js';
import {
  isKnown,
  refusalOfClaim,
  refusalOfDecision,
  refusalOfEscalation,
  refusalOfRelease,
  refusalOfWithdrawal,
} from '../domain/review-refusals.js';
import { reviewView } from '../domain/review-view.js';
import type {
  Claim,
  ClaimRequest,
  EscalationRequest,
  Recorded,
  ReleaseRequest,
  ReviewDecision,
  ReviewView,
  WithdrawalRequest,
} from '../schema/review.js';
import {
  claimReview,
  escalateReview,
  getReview,
  releaseReview,
  review,
  submitReview,
  withdrawReview,
} from './messages.js';
import { tellReviewers } from './notify.js';
import { nowMs } from './now.js';
import { eventOf } from './review-events.js';
import type { ReviewRecord } from './review-record.js';

/** Type of the failure that a refused message is answered with. */
const REFUSED = 'ReviewRefused';

/** Ends a message with why it is refused. */
export function refuse(refusal: string | null): void {
  if (refusal !== null) throw ApplicationFailure.nonRetryable(refusal, REFUSED);
}

/** Has what people send about a review handled, from the first moment of the workflow: what comes too early or too late is refused. */
export function handleReviewMessages(record: ReviewRecord): void {
  const { request } = record.task;
  setHandler(getReview, () => reviewView(record.state));

  setHandler(claimReview, claim, {
    validator: (asked: ClaimRequest) => {
      refuse(refusalOfClaim(record.state, asked));
    },
  });
  setHandler(releaseReview, release, {
    validator: (asked: ReleaseRequest) => {
      refuse(refusalOfRelease(record.state, asked));
    },
  });
  setHandler(escalateReview, escalate, {
    validator: (asked: EscalationRequest) => {
      refuse(refusalOfEscalation(record.state, asked));
    },
  });
  setHandler(submitReview, (decision) => submit(record, decision), {
    validator: (decision: ReviewDecision) => {
      refuse(refusalOfDecision(record.state, decision, record.rules));
    },
  });
  setHandler(withdrawReview, withdraw, {
    validator: (asked: WithdrawalRequest) => {
      refuse(refusalOfWithdrawal(record.state, asked));
    },
  });
  setHandler(review, async (decision) => {
    const refusal = refusalOfDecision(record.state, decision, record.rules);
    if (refusal === null) await submit(record, decision);
    else log.warn('A review signal was dropped', { taskId: request.taskId, refusal });
  });

  async function claim(asked: ClaimRequest): Promise<Claim> {
    record.state = claimed(record.state, asked, nowMs() + record.rules.leaseMs);
    const { claimId, reviewer, until } = claimOf(record.state) ?? unreachable();
    await record.showAtOnce(eventOf(request, 'task-claimed', claimId, asked, { as: asked.as }));
    return { claimId, reviewer, until };
  }

  async function release(asked: ReleaseRequest): Promise<ReviewView> {
    if (record.state.lease?.claimId === asked.claimId) {
      record.state = released(record.state);
      await record.showAtOnce(eventOf(request, 'task-released', asked.claimId, asked));
    }
    return reviewView(record.state);
  }

  async function escalate(asked: EscalationRequest): Promise<ReviewView> {
    const { escalationId } = asked;
    if (!record.state.escalations.includes(escalationId)) {
      record.state = escalated(record.state, asked);
      void tellReviewers(record.task, record.state, 'escalated');
      await record.showAtOnce(eventOf(request, 'task-escalated', escalationId, asked));
    }
    return reviewView(record.state);
  }

  async function withdraw(asked: WithdrawalRequest): Promise<ReviewView> {
    record.state = withdrawn(record.state);
    await record.showAtOnce(eventOf(request, 'decision-withdrawn', asked.decisionId, asked));
    return reviewView(record.state);
  }
}

async function submit(record: ReviewRecord, decision: ReviewDecision): Promise<Recorded> {
  const { decisionId, undoMs = 0 } = decision;
  const { state } = record;
  const answered = state.answers[decisionId];
  if (answered !== undefined) return answered;
  if (state.held?.decision.decisionId === decisionId) return record.answer('held');
  if (isKnown(state, decisionId) || undoMs === 0) return await record.count(decision);
  record.state = held(state, decision, nowMs() + undoMs);
  const answer = record.answer('held');
  // Without a lease nothing would end what a row says of a message that got lost.
  await (state.lease === null ? record.show() : record.showAtOnce());
  return answer;
}

function unreachable(): never {
  throw new TypeError('Expected a lease right after it was given');
}
