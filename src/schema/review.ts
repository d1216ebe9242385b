import { z } from 'zod';
import { REVIEW_LEVELS, type ReadingRule, type ReviewLevel } from './review-rules.js';
import { SCENES, type Scene, type Suggestion } from './scene.js';

const id = z.string().min(1).max(128);
const outcome = z.enum(['pass', 'block']);

/** Who sent a message and from which network address, for the audit record; the reviewer may be known by another name there. */
const sender = z.strictObject({ actor: id, address: z.string().max(64).nullable() }).optional();
export type Sender = NonNullable<z.infer<typeof sender>>;

/** What a person says of one stretch of a video. */
export const SpanDecision = z
  .strictObject({
    scene: z.enum(SCENES),
    /** Seconds from the first frame. */
    startS: z.number().min(0),
    /** Seconds from the first frame. */
    endS: z.number().min(0),
    suggestion: outcome,
  })
  .refine(({ startS, endS }) => startS <= endS, 'Expected startS ≤ endS');
export type SpanDecision = z.infer<typeof SpanDecision>;

/** A person's decision; the payload of the `review` signal and the `submitReview` update. */
export const ReviewDecision = z.strictObject({
  /** Chosen by the sender; the same id is applied once. */
  decisionId: id,
  suggestion: outcome,
  reviewer: id,
  /** Free text. */
  reason: z.string().max(2000).nullable(),
  /** One of the project's reasons; see `Policy.review.reasons`. */
  reasonCode: id.nullable().optional(),
  /** Per scene, where it is not the same for all; a scene that is not named goes with `suggestion`. A block needs at least one blocked scene. */
  scenes: z.partialRecord(z.enum(SCENES), outcome).optional(),
  /** Per stretch; a block frame that lies in several goes with the last one that is named. */
  spans: z.array(SpanDecision).max(200).optional(),
  /** The lease that it is made under; without one it counts only while nobody else has one. */
  claimId: id.optional(),
  /** Absent: as a lead; who may write to the cluster may do everything. */
  as: z.enum(REVIEW_LEVELS).optional(),
  /** How long it may be withdrawn, in milliseconds; until then nothing is recorded. Absent: it counts at once. */
  undoMs: z.int().min(0).max(60_000).optional(),
  sender,
});
export type ReviewDecision = z.infer<typeof ReviewDecision>;

/** Payload of the `claimReview` update: a person takes a task to read it. */
export const ClaimRequest = z.strictObject({
  /** Chosen by the sender; the same id gives the same lease. */
  claimId: id,
  reviewer: id,
  as: z.enum(REVIEW_LEVELS),
  sender,
});
export type ClaimRequest = z.infer<typeof ClaimRequest>;

/** The right to decide a task, for a while; the workflow of the task is the authority on it. */
export interface Claim {
  claimId: string;
  reviewer: string;
  /** When it ends unless it is renewed: ISO 8601, UTC. */
  until: string;
}

/** Payload of the `releaseReview` update: gives a task back. */
export const ReleaseRequest = z.strictObject({ claimId: id, reviewer: id, sender });
export type ReleaseRequest = z.infer<typeof ReleaseRequest>;

/** Payload of the `escalateReview` update: leaves a task to the leads. */
export const EscalationRequest = z.strictObject({
  escalationId: id,
  reviewer: id,
  reason: z.string().max(2000).nullable(),
  claimId: id.optional(),
  sender,
});
export type EscalationRequest = z.infer<typeof EscalationRequest>;

/** Payload of the `withdrawReview` update: takes a decision back while it may be, see `ReviewDecision.undoMs`. */
export const WithdrawalRequest = z.strictObject({ decisionId: id, reviewer: id, sender });
export type WithdrawalRequest = z.infer<typeof WithdrawalRequest>;

/** Payload of the `openAppeal` update: a finished task is read again, by somebody who has not decided it. */
export const AppealRequest = z.strictObject({
  appealId: id,
  /** Who appeals, as the sender knows them. */
  appellant: id,
  reason: z.string().max(2000).nullable(),
  sender,
});
export type AppealRequest = z.infer<typeof AppealRequest>;

/**
 * Where the review of a task stands. `not yet`: the machine has no verdict. `none`: nobody needs to read it. `waiting`: for somebody to claim it.
 * `claimed`: somebody holds it. `held`: decided, and may still be withdrawn. `decided`, `expired`: over, by people or by the deadline.
 */
export const REVIEW_STEPS = ['not yet', 'none', 'waiting', 'claimed', 'held', 'decided', 'expired'] as const;
export type ReviewStep = (typeof REVIEW_STEPS)[number];

/** Answer to a decision that was accepted. */
export interface Recorded {
  /** Latest revision and its suggestion: those before the decision while another reading is needed or it may be withdrawn. */
  revision: number;
  suggestion: Suggestion;
  /** `waiting`: another person has to read it. `held`: it may be withdrawn. `decided`: it is the revision. */
  step: ReviewStep;
}

/** Why a task was left to the leads, or is to be read again: whoever reads it next is told. */
export interface ReviewNote {
  kind: 'escalation' | 'appeal';
  /** Who asked for it. */
  by: string;
  /** Free text; `null`: they gave none. */
  reason: string | null;
}

/** Answer of the `getReview` query. */
export interface ReviewView {
  step: ReviewStep;
  level: ReviewLevel;
  rule: ReadingRule;
  claim: Claim | null;
  /** Readings so far that did not settle the task, without what they say: later readers must not know. */
  readers: string[];
  /** Oldest first; absent: there is none. */
  notes?: ReviewNote[];
  /** ISO 8601, UTC; `null` before it was opened. */
  openedAt: string | null;
  dueAt: string | null;
}

/** How a reading counts. `quality`: a blind second reading of a decided task, for the statistics only. */
export const READING_KINDS = ['first', 'second', 'adjudication', 'appeal', 'quality'] as const;
export type ReadingKind = (typeof READING_KINDS)[number];

/** From which scores on what a detector says counts, 0–1. */
export interface DetectorThresholds {
  detector: string;
  review: number;
  /** `null`: no score of it counts towards a block. */
  block: number | null;
}

/** What one reading said of one scene. */
export interface SceneReading {
  scene: Scene;
  /** Of the detectors that looked for it, by name, in the policy that the machine decided by. */
  thresholds: DetectorThresholds[];
  /** What the machine had said. */
  machine: Suggestion;
  person: 'pass' | 'block';
}
