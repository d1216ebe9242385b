import { z } from 'zod';
import { EscalationRequest, ReviewDecision, type Claim, type Recorded } from '../review.js';
import { REVIEW_LEVELS, type ReviewLevel } from '../review-rules.js';
import { SCENES, type Scene } from '../scene.js';
import type { TaskType } from '../task.js';

const id = z.string().min(1).max(128);
const csv = <T extends string>(values: readonly [T, ...T[]]) =>
  z
    .string()
    .transform((text) => text.split(',').filter(Boolean))
    .pipe(z.array(z.enum(values)));

/** Filters of the queue, as query parameters; absent ones do not filter. */
const filter = {
  /** One of the member's projects. */
  project: id.optional(),
  /** Comma-separated. */
  scenes: csv(SCENES).optional(),
  level: z.enum(REVIEW_LEVELS).optional(),
  /** Waiting for at least as many minutes. */
  minMinutes: z.coerce.number().min(0).optional(),
  /** 0–100 */
  minSeverity: z.coerce.number().min(0).max(100).optional(),
  /** `name=value` */
  tag: z
    .string()
    .regex(/^[^=]+=.*$/u, 'Expected name=value')
    .optional(),
  order: z.enum(['deadline', 'severity', 'age']).default('deadline'),
};

/** `GET /queue`. Answers {@link QueueView}. */
export const QueueFilter = z.strictObject({
  ...filter,
  limit: z.coerce.number().int().min(1).max(200).default(50),
  after: z.string().optional(),
});
export type QueueFilter = z.infer<typeof QueueFilter>;

/** `POST /queue/next`: takes the next task of a filter. Answers {@link TakenTask}; `QueueEmpty`, `BudgetSpent`. */
export const TakeNext = z.strictObject({
  ...filter,
  scenes: z.array(z.enum(SCENES)).optional(),
  minMinutes: z.number().min(0).optional(),
  minSeverity: z.number().min(0).max(100).optional(),
});
export type TakeNext = z.infer<typeof TakeNext>;

export interface TakenTask {
  taskId: string;
  claim: Claim;
}

/** A row of the queue. That an entry is a second reading of a decided task is not told: it is blind. */
export interface QueueRow {
  taskId: string;
  kind: 'review' | 'appeal';
  project: string;
  taskType: TaskType;
  uri: string;
  scenes: Scene[];
  /** 0–100 */
  severity: number;
  tags: Record<string, string>;
  step: 'waiting' | 'claimed' | 'held';
  level: ReviewLevel;
  claim: Claim | null;
  /** Whether this member may take it: not read by them before, and not for leads only. */
  mayTake: boolean;
  openedAt: string;
  dueAt: string | null;
}

export interface QueueView {
  rows: QueueRow[];
  next: string | null;
  counts: CountsView;
}

/** Also pushed: `GET /events` (server-sent events) sends `counts` with this, and `queue` with `{taskIds}` of entries that changed; a comment every 15 s. */
export interface CountsView {
  waiting: number;
  claimed: number;
  escalated: number;
  byScene: Partial<Record<Scene, number>>;
  byProject: Record<string, number>;
  oldestOpenedAt: string | null;
}

/** `POST /tasks/:id/claim`. Answers {@link Claim}. `POST /tasks/:id/renew` with `{claimId}` answers {@link Claim}; `ClaimLost`. `POST /tasks/:id/release` with `{claimId}`. */
export const ClaimUse = z.strictObject({ claimId: id });
export type ClaimUse = z.infer<typeof ClaimUse>;

/** What the page sends of a decision; who decides is known from the session. */
export const DecisionUse = ReviewDecision.omit({ reviewer: true, as: true, sender: true });
export type DecisionUse = z.infer<typeof DecisionUse>;

/** `POST /tasks/:id/decide` takes {@link DecisionUse}, `POST /tasks/:id/withdraw` takes this. Both answer {@link DecisionView}. */
export const WithdrawalUse = z.strictObject({ decisionId: id });

/** `pending`: nobody has answered yet, and it may still be applied; send the same again to learn. */
export type DecisionView = ({ outcome: 'accepted' } & Recorded) | { outcome: 'pending' } | { outcome: 'withdrawn' };

/** `POST /tasks/:id/escalate`. Answers {@link DecisionView}. */
export const EscalationUse = EscalationRequest.omit({ reviewer: true, sender: true });
export type EscalationUse = z.infer<typeof EscalationUse>;

/** `POST /queue/decide`: decides several tasks alike, none of which somebody else holds; may be withdrawn for `UNDO_MS`. Answers {@link BulkView}. */
export const BulkDecision = z.strictObject({
  decisions: z
    .array(z.strictObject({ taskId: id, decisionId: id }))
    .min(1)
    .max(100),
  suggestion: z.enum(['pass', 'block']),
  reasonCode: id.nullable(),
  reason: z.string().max(2000).nullable(),
});
export type BulkDecision = z.infer<typeof BulkDecision>;

export interface BulkView {
  results: { taskId: string; decisionId: string; result: DecisionView | { outcome: 'refused'; message: string } }[];
  /** Until when they may be withdrawn: ISO 8601, UTC. */
  undoUntil: string;
}

/** `POST /queue/withdraw`: takes decisions of a bulk back. Answers {@link BulkView} with `undoUntil` as sent by then. */
export const BulkWithdrawal = z.strictObject({
  decisions: z
    .array(z.strictObject({ taskId: id, decisionId: id }))
    .min(1)
    .max(100),
});
export type BulkWithdrawal = z.infer<typeof BulkWithdrawal>;
