import type { EvidenceItem } from '../schema/evidence.js';
import type { Checkpoint, ChunkRef } from '../schema/observation.js';
import type { Probed } from '../schema/probed.js';
import type { SamplePlan } from '../schema/plan.js';
import type { TaskStatus } from '../schema/result.js';
import type { Suggestion } from '../schema/scene.js';
import type { TaskRequest, TaskType } from '../schema/task.js';
import type { Origin, Revision } from '../schema/verdict.js';
import type { AuditLog } from './audit.js';
import type { BankRecords } from './banks.js';
import type { MemberStore } from './members.js';
import type { NotificationStore } from './notifications.js';
import type { PolicyVersionStore } from './policy-versions.js';
import type { ReadingStore } from './readings.js';
import type { ReviewQueue } from './review-queue.js';

/** A task as recorded; verdicts, observations and evidence are asked for separately. */
export interface TaskRecord {
  request: TaskRequest;
  status: TaskStatus;
  /** Empty unless failed. */
  code: string;
  message: string;
  /** ISO 8601, UTC: start and end of the machine's run; they never change once set. */
  startTime: string;
  endTime: string | null;
  /** Known once probed. */
  probed: Probed | null;
  plan: SamplePlan | null;
}

/** One attempt of one segment and the samples it classified: what repeats after a crash is counted from these. */
export interface AttemptRecord {
  taskId: string;
  segment: number;
  attempt: number;
  /** First sample classified by this attempt. */
  from: number;
  /** One past the last sample classified by this attempt. */
  to: number;
}

/** How a revision is to be appended. */
export interface NewRevision extends Omit<Revision, 'revision'> {
  taskId: string;
}

/** What a list of tasks is sorted by; the wire names of IMM 2020-09-30. Tasks of one time follow each other by TaskId, and TaskIds compare by code point. */
export const TASK_SORTS = ['TaskId', 'StartTime', 'EndTime'] as const;
export type TaskSort = (typeof TASK_SORTS)[number];

/** The most tasks of one page. */
export const MAX_PAGE = 100;

/** From an instant on and up to another, which is not in it; ISO 8601. */
export interface TimeRange {
  from?: string;
  to?: string;
}

/** Which tasks of a project, in which order; a task has to meet everything that is given. */
export interface TaskQuery {
  project: string;
  /** Any of these; absent or empty: every type. */
  taskTypes?: readonly TaskType[];
  status?: TaskStatus;
  startTime?: TimeRange;
  /** A task that runs has no end: it is in no range of these, not even in one without bounds. */
  endTime?: TimeRange;
  /** Names and values, all of which the task must have. */
  tags?: readonly (readonly [name: string, value: string])[];
  /** By `EndTime`, tasks that run come last in either order, among themselves by TaskId. */
  sort: TaskSort;
  order: 'asc' | 'desc';
  /** 1–{@link MAX_PAGE} */
  limit: number;
  /** The `next` of an earlier page of the same query, but for its limit; absent: from the beginning. */
  after?: TaskCursor;
}

/** A place between two tasks in the order of a query; valid also when the task before it is gone. */
export interface TaskCursor {
  taskId: string;
  /** Milliseconds since 1970 of what is sorted by; `null` by `TaskId`, and by `EndTime` where a task runs. */
  value: number | null;
}

/**
 * A page of tasks. Each task is on one page, unless what it is sorted by changes meanwhile: by `EndTime`, one that ends between two pages may be on both or on none.
 */
export interface TaskPage {
  /** At most as many as asked for; fewer, or none, also when more remain, where looking for the next one takes too long for one page. */
  tasks: TaskRecord[];
  /** Where to go on; `null`: there is no more. */
  next: TaskCursor | null;
}

/** How a task stands, without what its verdict says in full. */
export interface Standing {
  taskId: string;
  /** Of the latest revision. */
  revision: number;
  origin: Origin;
  suggestion: Suggestion;
  /** Somebody has read it, and others are yet to, or it is appealed against: no policy decides it any more. */
  isLeftToPeople: boolean;
}

/**
 * Everything a service keeps about its tasks. Every write may be repeated: a second time changes nothing.
 * Every write but `createTask` rejects with {@link TaskNotFoundError} when there is no such task.
 */
export interface RecordStore {
  /** Inserts the task as `Running`; a task that is there already stays as it is. */
  createTask(request: TaskRequest, startTime: string): Promise<void>;
  /** Records what the probe found and what is planned. */
  recordPlan(taskId: string, probed: Probed, plan: SamplePlan): Promise<void>;
  /** Ends the machine's run: status, code, message and end time. The first end counts. */
  endTask(taskId: string, end: { status: TaskStatus; code: string; message: string; endTime: string }): Promise<void>;
  findTask(taskId: string): Promise<TaskRecord | null>;
  /** The task with its latest revision, which is null before the first. */
  findResult(taskId: string): Promise<{ task: TaskRecord; revision: Revision | null } | null>;
  /** Of every project, newest first. */
  listTasks(filter: { status?: TaskStatus; limit: number }): Promise<TaskRecord[]>;
  /**
   * A page of a project's tasks, in a time that does not grow with their number, whatever is asked.
   * @throws {InvalidTaskQueryError}
   */
  queryTasks(query: TaskQuery): Promise<TaskPage>;
  /** How tasks of a project stand that the machine has finished: the newest, at most so many. */
  standings(project: string, limit: number): Promise<Standing[]>;
  /** How many tasks of a project are `Running`. */
  countOpen(project: string): Promise<number>;
  /** How many tasks of all projects there are, by status. */
  countByStatus(): Promise<Map<TaskStatus, number>>;
  /** Those of these ids under which no task is recorded. */
  unrecordedTasks(taskIds: readonly string[]): Promise<string[]>;
  /** Ids of the tasks that are `Running`, of one project or of all, sorted. */
  openTaskIds(project?: string): Promise<string[]>;

  /**
   * Appends the next revision and answers it with its number. A revision with a `decisionId` already recorded for the task is answered, not appended.
   * @throws {SupersedesPersonError} when origin `policy`, `machine` or `deadline` would follow a person's decision (`person`, `appeal`).
   */
  appendRevision(revision: NewRevision): Promise<Revision>;
  /** Latest revision, or null before the first. */
  latestRevision(taskId: string): Promise<Revision | null>;
  /** Oldest first. */
  revisions(taskId: string): Promise<Revision[]>;

  /**
   * Records where the observations of a segment lie. Those recorded later replace all that share samples with them, so that none is told of twice after a
   * retry. What is said of a whole segment takes up no samples: it stands where the segment ends, and goes when what was seen there is recorded anew.
   */
  recordObservations(taskId: string, segment: number, chunks: ChunkRef[]): Promise<void>;
  /** By first sample, ascending; what takes up no samples before what begins there. */
  observationChunks(taskId: string): Promise<ChunkRef[]>;

  /** Upsert by task, segment and attempt, with what the segment has reached by then. */
  recordAttempt(attempt: AttemptRecord, reached: Checkpoint): Promise<void>;
  attempts(taskId: string): Promise<AttemptRecord[]>;
  /** What the last attempt of a segment had reached, or null. */
  checkpoint(taskId: string, segment: number): Promise<Checkpoint | null>;

  /** Replaces the evidence kept for a task. */
  recordEvidence(taskId: string, items: EvidenceItem[]): Promise<void>;
  evidence(taskId: string): Promise<EvidenceItem[]>;

  /** What others are told of tasks. */
  notifications: NotificationStore;

  /** What tasks are compared with; their content is kept elsewhere. */
  banks: BankRecords;

  /** Tasks that wait for a person. */
  queue: ReviewQueue;
  /** What people decided, for statistics. */
  readings: ReadingStore;
  /** Who did what. */
  audit: AuditLog;
  /** Who works in the console. */
  members: MemberStore;
  /** Policies that were saved in the console. */
  policies: PolicyVersionStore;

  /** Ids of the tasks that ended before this instant, a page at a time, first ended first. They may be removed while the pages are read. */
  endedBefore(instant: string): AsyncIterable<string[]>;
  /** Removes tasks with all their records; digests of the blobs that they referred to are answered from then on by {@link releasedDigests}. */
  removeTasks(taskIds: readonly string[]): Promise<void>;
  /**
   * Digests of blobs that removed tasks referred to and that nothing refers to any more, a page at a time, sorted.
   * One is answered again until {@link forgetDigests} is told that its blob is gone, so that no crash in between leaves one behind.
   */
  releasedDigests(): AsyncIterable<string[]>;
  /** Those of these digests that no task's observations, evidence or checkpoints name. */
  unreferencedAmong(digests: readonly string[]): Promise<string[]>;
  /** Takes note that these blobs are gone. */
  forgetDigests(digests: string[]): Promise<void>;
  close(): Promise<void>;
}

/** Thrown when a record belongs to a task that is not there: it was purged, or its id is wrong. */
export class TaskNotFoundError extends Error {
  override name = 'TaskNotFoundError' as const;
  constructor(readonly taskId: string) {
    super(
      `Expected a task ${taskId}, found none: it was purged, or the id is wrong. List the tasks with \`framewarden tasks\`.`,
    );
  }
}

/** Thrown when a revision that no person made would follow a person's decision: nothing but a person supersedes a person. */
export class SupersedesPersonError extends Error {
  override name = 'SupersedesPersonError' as const;
  constructor(
    readonly taskId: string,
    /** Of the revision that was refused. */
    readonly origin: Origin,
    /** Number of the person's revision. */
    readonly revision: number,
  ) {
    super(
      `Expected a person's decision to follow revision ${revision} of ${taskId}, which a person made, got one of origin ${origin}: decide with \`framewarden review\`.`,
    );
  }
}

/** Thrown when a time is not an ISO 8601 instant. */
export class InvalidInstantError extends Error {
  override name = 'InvalidInstantError' as const;
  constructor(readonly instant: string) {
    super(`Expected an ISO 8601 instant such as 2026-01-31T12:00:00.000Z, got ${JSON.stringify(instant)}.`);
  }
}

/** Thrown when a query cannot be answered as it is; what comes from a client is to be checked before it comes here. */
export class InvalidTaskQueryError extends Error {
  override name = 'InvalidTaskQueryError' as const;
  constructor(
    /** Of the query. */
    readonly field: 'limit' | 'after',
    expected: string,
    received: unknown,
  ) {
    super(`Expected the ${field} of a query of tasks to be ${expected}, got ${JSON.stringify(received)}.`);
  }
}
