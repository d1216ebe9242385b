import type {
  Claim,
  ClaimRequest,
  EscalationRequest,
  ReadingKind,
  Recorded,
  ReviewDecision,
  ReviewNote,
  ReviewStep,
} from '../schema/review.js';
import type { ReadingRule, ReviewLevel } from '../schema/review-rules.js';
import { SCENES, type Scene } from '../schema/scene.js';
import type { ReviewRules } from './review-rules.js';

/** A reading that counts: who read, and which scenes they blocked, in the order of SCENES. */
export interface TakenReading {
  decisionId: string;
  reviewer: string;
  blocked: Scene[];
}

/** The right to decide, with an end in milliseconds since 1970. */
export interface Lease extends Pick<ClaimRequest, 'claimId' | 'reviewer' | 'as'> {
  untilMs: number;
}

/** All that is known of the review of a task. Plain data: it goes from one run of a workflow to the next. Times are milliseconds since 1970. */
export interface ReviewState {
  kind: 'review' | 'appeal';
  step: ReviewStep;
  level: ReviewLevel;
  rule: ReadingRule;
  /** Scenes that are blocked when a decision to block names none: the categories of the verdict under review. */
  categories: Scene[];
  lease: Lease | null;
  /** A decision that may still be withdrawn. */
  held: { decision: ReviewDecision; untilMs: number } | null;
  /** Those that did not settle the task, and in the end the one that did. */
  readings: TakenReading[];
  /** Who decided before the appeal and may not read again. */
  barred: string[];
  openedMs: number;
  /** What is still to come; `null`: nothing of the kind. */
  dueMs: number | null;
  remindMs: number | null;
  escalateMs: number | null;
  /** Answers to decisions, by id: a repetition is answered alike. */
  answers: Record<string, Recorded>;
  /** Escalations that were made, by id. */
  escalations: string[];
  /** What whoever reads it next is told; absent: nothing. */
  notes?: ReviewNote[];
  /** The appeal that opened it. */
  appealId: string | null;
}

/** A review that has not begun. */
export function closedReview(step: 'not yet' | 'none' = 'not yet'): ReviewState {
  return {
    kind: 'review',
    step,
    level: 'reviewer',
    rule: 'one',
    categories: [],
    lease: null,
    held: null,
    readings: [],
    barred: [],
    openedMs: 0,
    dueMs: null,
    remindMs: null,
    escalateMs: null,
    answers: {},
    escalations: [],
    appealId: null,
  };
}

/** What a review is opened with. */
export interface Opening extends Pick<ReviewState, 'kind' | 'categories' | 'barred' | 'appealId' | 'notes'> {
  nowMs: number;
}

export function openReview({ nowMs, ...opening }: Opening, rules: ReviewRules): ReviewState {
  const after = (waitMs: number | null): number | null => (waitMs === null ? null : nowMs + waitMs);
  return {
    ...closedReview(),
    ...opening,
    step: 'waiting',
    rule: rules.reading,
    openedMs: nowMs,
    dueMs: nowMs + rules.deadlineMs,
    remindMs: after(rules.remindMs),
    escalateMs: after(rules.escalateMs),
  };
}

/** Whether people, or time, may still change it. */
export function isOpen({ step }: ReviewState): boolean {
  return step === 'waiting' || step === 'claimed' || step === 'held';
}

/** Whether an appeal is open: people hear it, whatever a policy says. */
export function isAppealed(state: ReviewState): boolean {
  return state.kind === 'appeal' && isOpen(state);
}

/** Somebody takes the task, or takes it once more. */
export function claimed(state: ReviewState, { claimId, reviewer, as }: ClaimRequest, untilMs: number): ReviewState {
  return { ...state, step: 'claimed', lease: { claimId, reviewer, as, untilMs } };
}

/** The lease goes on as renewed. */
export function renewed(state: ReviewState, untilMs: number): ReviewState {
  return state.lease === null ? state : { ...state, lease: { ...state.lease, untilMs } };
}

/** Whoever had the task has it no more: given back, or silent for too long. */
export function released(state: ReviewState): ReviewState {
  return { ...state, step: 'waiting', lease: null };
}

/** From now on the task is for leads; absent `asked`: because of its rules. */
export function escalated(state: ReviewState, asked?: EscalationRequest): ReviewState {
  const left = { ...released(state), level: 'lead' as const, escalateMs: null };
  if (asked === undefined) return left;
  const { escalationId, reviewer: by, reason } = asked;
  return {
    ...left,
    escalations: [...state.escalations, escalationId],
    notes: [...(state.notes ?? []), { kind: 'escalation', by, reason }],
  };
}

/** The reviewers were reminded. */
export function reminded(state: ReviewState): ReviewState {
  return { ...state, remindMs: null };
}

/** Somebody decided and may change their mind. */
export function held(state: ReviewState, decision: ReviewDecision, untilMs: number): ReviewState {
  return { ...state, step: 'held', lease: null, held: { decision, untilMs } };
}

/** The decision that was held is taken back. */
export function withdrawn(state: ReviewState): ReviewState {
  return { ...state, step: 'waiting', held: null };
}

/** Nobody has decided in time, or a policy or a cancellation has ended the wait. */
export function ended(state: ReviewState, step: 'expired' | 'none'): ReviewState {
  return { ...state, step, lease: null, held: null, dueMs: null, remindMs: null, escalateMs: null };
}

/**
 * Somebody's decision counts. It settles the task when the rule is satisfied: by one reading; by two people who block the same scenes; or by a lead once
 * the task was escalated, which it is when two differ and the rule is `adjudicated`.
 */
export function read(state: ReviewState, decision: ReviewDecision): ReviewState {
  const { decisionId, reviewer } = decision;
  const blocked = blockedScenes(decision, state.categories);
  const readings = [...state.readings, { decisionId, reviewer, blocked }];
  const isAgreed = state.readings.some((earlier) => earlier.blocked.join() === blocked.join());
  const taken = { ...released(state), held: null, readings };
  if (state.rule === 'one' || state.level === 'lead' || isAgreed) return { ...ended(taken, 'none'), step: 'decided' };
  return state.rule === 'adjudicated' && readings.length > 1 ? escalated(taken) : taken;
}

/** The readings that a settled task rests on: the last one, and those before that block the same scenes. */
export function agreeing({ readings }: ReviewState): TakenReading[] {
  const last = readings.at(-1);
  return readings.filter(({ blocked }) => blocked.join() === last?.blocked.join());
}

/** Scenes that a decision blocks, in the order of SCENES: those it names, and where it names none the categories as a whole. */
export function blockedScenes(
  { suggestion, scenes = {} }: Pick<ReviewDecision, 'suggestion' | 'scenes'>,
  categories: readonly Scene[],
): Scene[] {
  return SCENES.filter((scene) => {
    const said = scenes[scene] ?? (categories.includes(scene) ? suggestion : 'pass');
    return said === 'block';
  });
}

/** How the next reading of a task counts. */
export function nextKind({ kind, level, readings }: ReviewState): Exclude<ReadingKind, 'quality'> {
  if (kind === 'appeal') return 'appeal';
  if (readings.length === 0) return 'first';
  return level === 'lead' ? 'adjudication' : 'second';
}

/** What time brings next. */
export interface Due {
  what: 'counts' | 'lease' | 'remind' | 'escalate' | 'deadline';
  atMs: number;
}

/**
 * What is due next in an open review. Who is at work is not interrupted but by the deadline, and who decided before it has decided in time.
 */
export function nextDue({ step, held: kept, lease, dueMs, remindMs, escalateMs }: ReviewState): Due {
  const isFree = step === 'waiting';
  const times: [Due['what'], number | null][] = [
    ['counts', kept?.untilMs ?? null],
    ['deadline', kept === null ? dueMs : null],
    ['lease', lease?.untilMs ?? null],
    ['escalate', isFree ? escalateMs : null],
    ['remind', isFree ? remindMs : null],
  ];
  const due = times.flatMap(([what, atMs]) => (atMs === null ? [] : [{ what, atMs }]));
  return due.reduce((first, each) => (each.atMs < first.atMs ? each : first), {
    what: 'deadline',
    atMs: Number.POSITIVE_INFINITY,
  });
}

/** A lease as others know it. */
export function claimOf({ lease }: ReviewState): Claim | null {
  if (lease === null) return null;
  const { claimId, reviewer, untilMs } = lease;
  return { claimId, reviewer, until: new Date(untilMs).toISOString() };
}
