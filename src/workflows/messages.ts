import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { Policy } from '../schema/policy.js';
import type { ModerationResultBody } from '../schema/result.js';
import type {
  AppealRequest,
  Claim,
  ClaimRequest,
  EscalationRequest,
  Recorded,
  ReleaseRequest,
  ReviewDecision,
  ReviewView,
  Sender,
  WithdrawalRequest,
} from '../schema/review.js';
import type { Progress } from '../schema/task.js';

/** A policy to decide again by, from the observations kept. */
export interface PolicyApplication {
  decisionId: string;
  policy: Policy;
  /** SHA-256 of the policy, hexadecimal. */
  policyDigest: string;
}

/** The `GetImageModerationResult` body (IMM 2020-09-30, less RequestId) as of now. */
export const getModerationResult = defineQuery<ModerationResultBody>('getModerationResult');

/** What could be said of a task that runs, by what is classified and proven so far: the same, with revision 0; `null` while that is nothing, or too much. */
export const getPartialResult = defineQuery<ModerationResultBody | null>('getPartialResult');

export const getProgress = defineQuery<Progress>('getProgress');

/** Nothing of the task is begun from now on, and what is under way stops in grace. Without effect once there is a verdict. */
export const pauseTask = defineSignal<[Sender?]>('pauseTask');

/** A paused task goes on. */
export const resumeTask = defineSignal<[Sender?]>('resumeTask');

/** Who is about to cancel the task. */
export const cancelledBy = defineSignal<[Sender]>('cancelledBy');

/** Where the review of the task stands. */
export const getReview = defineQuery<ReviewView>('getReview');

/** A decision from a sender that queues and waits for no answer; what cannot be accepted is dropped with a log entry. */
export const review = defineSignal<[ReviewDecision]>('review');

// Each of these is refused with a sentence that says why, before anything of it enters the history; one that was accepted may be sent again.

/** Takes the task for a while; answered once the queue shows it. */
export const claimReview = defineUpdate<Claim, [ClaimRequest]>('claimReview');

/** Gives the task back. */
export const releaseReview = defineUpdate<ReviewView, [ReleaseRequest]>('releaseReview');

/** Leaves the task to the leads. */
export const escalateReview = defineUpdate<ReviewView, [EscalationRequest]>('escalateReview');

/** A decision; answered once it is recorded, or held where it may be withdrawn. */
export const submitReview = defineUpdate<Recorded, [ReviewDecision]>('submitReview');

/** Takes a decision back that is held. */
export const withdrawReview = defineUpdate<ReviewView, [WithdrawalRequest]>('withdrawReview');

/** Has a task with a verdict read again, by somebody who has not decided it. */
export const openAppeal = defineUpdate<ReviewView, [AppealRequest]>('openAppeal');

/** Records the verdict of another policy as the next revision. Refused over a person's decision. */
export const applyPolicy = defineUpdate<Recorded, [PolicyApplication]>('applyPolicy');

/** Priority of the activities scheduled from now on: 1 (first) to 5 (last); who sends it is written down, where that is said. */
export const setPriority = defineSignal<[priority: number, sender?: Sender]>('setPriority');
