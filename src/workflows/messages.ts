import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { Policy } from '../schema/policy.js';
import type { ModerationResultBody } from '../schema/result.js';
import type { ReviewDecision } from '../schema/review.js';
import type { Suggestion } from '../schema/scene.js';
import type { Progress } from '../schema/task.js';

/** Answer to a decision that was recorded. */
export interface Recorded {
  revision: number;
  suggestion: Suggestion;
}

/** A policy to decide again by, from the observations kept. */
export interface PolicyApplication {
  decisionId: string;
  policy: Policy;
  /** SHA-256 of the policy, hexadecimal. */
  policyDigest: string;
}

/** The `GetImageModerationResult` body (IMM 2020-09-30, less RequestId) as of now. */
export const getModerationResult = defineQuery<ModerationResultBody>('getModerationResult');

export const getProgress = defineQuery<Progress>('getProgress');

/** A decision from a sender that queues and waits for no answer; what cannot be accepted is dropped with a log entry. */
export const review = defineSignal<[ReviewDecision]>('review');

/** A decision; answered once it is recorded. Refused while the task is not waiting for a review. The same decision id is applied once. */
export const submitReview = defineUpdate<Recorded, [ReviewDecision]>('submitReview');

/** Records the verdict of another policy as the next revision. Refused over a person's decision. */
export const applyPolicy = defineUpdate<Recorded, [PolicyApplication]>('applyPolicy');

/** Priority of the activities scheduled from now on: 1 (first) to 5 (last). */
export const setPriority = defineSignal<[number]>('setPriority');
