import type { Claim, ReviewNote } from '../schema/review.js';
import type { ReviewLevel } from '../schema/review-rules.js';
import type { Scene } from '../schema/scene.js';
import type { TaskType } from '../schema/task.js';

/** Why a task is in the queue. `quality`: a decided task that somebody else reads again without knowing; its rows live in the store alone. */
export const QUEUE_KINDS = ['review', 'appeal', 'quality'] as const;
export type QueueKind = (typeof QUEUE_KINDS)[number];

/** Where an entry of the queue stands. */
export const QUEUE_STEPS = ['waiting', 'claimed', 'held'] as const;
export type QueueStep = (typeof QUEUE_STEPS)[number];

/** What the review of a task looks like from outside: the projection of its workflow's state. */
export interface QueueState {
  step: QueueStep;
  /** Who may read it. */
  level: ReviewLevel;
  claim: Claim | null;
  /** Who has read it already and may not read it again. */
  readers: string[];
  /** What whoever reads it next is told; absent: nothing. */
  notes?: ReviewNote[];
  /** When the deadline decides; ISO 8601, UTC. */
  dueAt: string | null;
}

/** A task that waits for a person. */
export interface QueueEntry extends QueueState {
  taskId: string;
  kind: QueueKind;
  project: string;
  taskType: TaskType;
  /** Address of the source, as in results. */
  uri: string;
  /** Categories of the verdict. */
  scenes: Scene[];
  /** 0–100: the highest rate of its block frames; where it has none, the highest score of what was found. */
  severity: number;
  tags: Record<string, string>;
  /** When it began to wait; ISO 8601, UTC. */
  openedAt: string;
}

/** A state to be shown, and its place among those of the task: what arrives late or twice never replaces a later one. */
export interface NewQueueState extends QueueState {
  taskId: string;
  kind: Exclude<QueueKind, 'quality'>;
  openedAt: string;
  /** Grows with every state of a task, over all its runs; up to 2 ** 53. */
  sequence: number;
}

/** The most entries of one page. */
export const MAX_QUEUE_PAGE = 200;

/** Which entries, in which order; entries that are equal in it come by age. */
export interface QueueQuery {
  /** `null`: of every project. */
  projects: readonly string[] | null;
  /** Any of these; absent or empty: any. */
  scenes?: readonly Scene[];
  kinds?: readonly QueueKind[];
  steps?: readonly QueueStep[];
  level?: ReviewLevel;
  /** Have waited since before this instant. */
  openedBefore?: string;
  /** 0–100 */
  minSeverity?: number;
  tag?: readonly [name: string, value: string];
  /** `deadline`: the most urgent first; `severity`: the worst first; `age`: the oldest first. */
  order: 'deadline' | 'severity' | 'age';
  /** 1–{@link MAX_QUEUE_PAGE} */
  limit: number;
  /** The `next` of an earlier page of the same query. */
  after?: string;
}

/** What is asked of the queue whatever the page: also what the next entry to read is taken from. */
export type QueueChoice = Omit<QueueQuery, 'limit' | 'after' | 'steps'>;

export interface QueuePage {
  entries: QueueEntry[];
  /** Where to go on; `null`: there is no more. */
  next: string | null;
}

/** How many wait, of the projects asked about. */
export interface QueueCounts {
  waiting: number;
  claimed: number;
  /** For leads only; part of the two above. */
  escalated: number;
  /** Of those waiting; one of several scenes counts for each. */
  byScene: Partial<Record<Scene, number>>;
  /** Of those waiting. */
  byProject: Record<string, number>;
  /** Of those waiting, by who may read them. */
  byLevel: Record<ReviewLevel, number>;
  /** When the one that has waited longest began to wait; `null`: none waits. */
  oldestOpenedAt: string | null;
}

/** The queue as people see it. The workflows are the authority on every entry but those of kind `quality`. Every write may be repeated. */
export interface ReviewQueue {
  /**
   * Shows a state of a task's review; project, scenes, severity and tags are those of its record and latest verdict. A lease that is the same as before
   * keeps the later of its two ends.
   */
  put(state: NewQueueState): Promise<void>;
  /** Takes a task out; a state with a lower sequence that arrives later is not shown. */
  remove(taskId: string, sequence: number): Promise<void>;
  /** Of either kind, for a task that waits; `null`: it is not in the queue. */
  find(taskId: string): Promise<QueueEntry | null>;
  page(query: QueueQuery): Promise<QueuePage>;
  counts(projects: readonly string[] | null): Promise<QueueCounts>;
  /** How many of those that `counts` has as waiting began to wait before each of these instants; ISO 8601. */
  waitingSince(projects: readonly string[] | null, instants: readonly string[]): Promise<number[]>;
  /**
   * Reserves the first entry of a query that this reviewer may read, for some seconds, so that nobody else is offered it meanwhile: it is claimed next.
   * Expired leases count as waiting once their workflow has said so, or nothing for two minutes. `null`: there is none.
   */
  offer(
    query: QueueChoice,
    reader: { reviewer: string; level: ReviewLevel; forMs: number },
  ): Promise<QueueEntry | null>;
  /** Lengthens a lease that is still held; answers the one in force, or `null` when it is not held any more. */
  renew(taskId: string, claimId: string, until: string): Promise<Claim | null>;
  /** The lease as last renewed; `null`: none. */
  claimOf(taskId: string): Promise<Claim | null>;

  /** Puts a decided task up for a blind second reading. */
  addQuality(entry: { taskId: string; openedAt: string; readers: string[] }): Promise<void>;
  /** Takes an entry of kind `quality` for a reviewer, or once more; `null` when another one has it, or somebody has decided. A lease that is over is free. */
  claimQuality(taskId: string, claim: Claim): Promise<Claim | null>;
  /** Shows that who has an entry of kind `quality` has decided, until an instant after which it waits again; `false`: they have it no more. */
  holdQuality(taskId: string, claimId: string, until: string): Promise<boolean>;
  /** Gives an entry of kind `quality` back, or takes it out once it was read. */
  releaseQuality(taskId: string, claimId: string, outcome: 'waiting' | 'read'): Promise<void>;
}

/** Thrown when a query of the queue cannot be answered as it is; what comes from a client is to be checked before it comes here. */
export class InvalidQueueQueryError extends Error {
  override name = 'InvalidQueueQueryError' as const;
  constructor(
    /** Of the query. */
    readonly field: 'limit' | 'after',
    expected: string,
    received: unknown,
  ) {
    super(`Expected the ${field} of a query of the queue to be ${expected}, got ${JSON.stringify(received)}.`);
  }
}
