import { judged } from '../domain/judged.js';
import { decidedVerdict, expiredVerdict, explainDecision, sceneReadings } from '../domain/review-outcome.js';
import type { ReadingKind, ReviewDecision } from '../schema/review.js';
import type { Scene, Suggestion } from '../schema/scene.js';
import type { Origin, Revision, Verdict } from '../schema/verdict.js';
import type { AuditEvent } from '../store/audit.js';
import { policyOfVerdict } from '../store/policy-of-verdict.js';
import { TaskNotFoundError, type RecordStore, type TaskRecord } from '../store/records.js';
import type { NewQueueState } from '../store/review-queue.js';
import { inActivity } from './in-activity.js';
import { readEvent, verdictEvent } from './verdict-events.js';

/** What the queue is to show of a task; without a state, nothing. */
export interface Shown {
  taskId: string;
  sequence: number;
  state: Omit<NewQueueState, 'taskId' | 'sequence'> | null;
}

/** A decision that counts. */
export interface NewReading {
  decision: ReviewDecision;
  kind: ReadingKind;
  /** ISO 8601, UTC. */
  readAt: string;
  /** Since the task began to wait, in milliseconds. */
  waitedMs: number;
  /** What it becomes together with earlier ones, and whose they all are; `null`: somebody else has to read the task besides. */
  settles: { origin: Origin; reviewers: string[] } | null;
  /** Who must not be given it as a second reading for the statistics; `null`: nobody is. */
  quality: string[] | null;
  shown: Shown;
}

/** What nobody decided in time becomes. */
export interface Expiry {
  /** `null`: it stays as it is. */
  outcome: { suggestion: Suggestion; decisionId: string; reason: string } | null;
  expiredAt: string;
  shown: Shown;
}

/** What a reopened review begins with. */
export interface ReviewBasis {
  /** Of the machine's verdict. */
  categories: Scene[];
  /** Who has decided the task so far. */
  deciders: string[];
}

/** Activities that write down what becomes of a review. Safe to retry: rows have sequences, decisions and events have ids, and times are the workflow's. */
export function reviewActivities({ records }: { records: RecordStore }) {
  return inActivity({
    /** Shows a state in the queue, and writes down what led to it. */
    async showReview({ shown, events }: { shown: Shown; events: AuditEvent[] }): Promise<void> {
      await show(records, shown);
      if (events.length > 0) await records.audit.append(events);
    },

    async writeDown({ events }: { events: AuditEvent[] }): Promise<void> {
      await records.audit.append(events);
    },

    /** When the lease of a task ends, as last renewed, in milliseconds since 1970; `null`: it is not this one any more. */
    async leaseEnd({ taskId, claimId }: { taskId: string; claimId: string }): Promise<number | null> {
      const claim = await records.queue.claimOf(taskId);
      return claim?.claimId === claimId ? Date.parse(claim.until) : null;
    },

    async reviewBasis({ taskId }: { taskId: string }): Promise<ReviewBasis> {
      const [revisions, readings] = await Promise.all([records.revisions(taskId), records.readings.ofTask(taskId)]);
      const people = [...revisions, ...readings].flatMap(({ reviewer }) => (reviewer === null ? [] : [reviewer]));
      return { categories: machineVerdict(taskId, revisions).categories, deciders: [...new Set(people)] };
    },

    /** Keeps a reading, and appends the revision that it makes; `null`: it makes none yet. */
    async recordReading({ decision, settles, quality, shown, ...reading }: NewReading): Promise<Revision | null> {
      const { taskId } = shown;
      const { task, machine } = await underReview(records, taskId);
      const { decisionId, reviewer, reason, reasonCode = null } = decision;
      const { projectName: project } = task.request;
      const { kind, readAt, waitedMs } = reading;
      const revision =
        settles === null
          ? null
          : await records.appendRevision({
              taskId,
              origin: settles.origin,
              verdict: decidedVerdict(machine, decision, explainDecision(decision, settles.reviewers)),
              recordedAt: readAt,
              decisionId,
              reviewer,
              reason,
            });
      const policy = await policyOfVerdict(records, task.request, machine);
      const scenes = sceneReadings(machine, decision, policy);
      const { policyDigest, suggestion } = machine;
      await records.readings.keep({
        ...{
          readingId: decisionId,
          taskId,
          project,
          reviewer,
          kind,
          scenes,
          reasonCode,
          policyDigest,
          readAt,
          waitedMs,
        },
        machine: suggestion,
        person: decision.suggestion,
      });
      await records.audit.append([
        readEvent(task.request, decision, { machine, kind, readAt }),
        ...(revision === null ? [] : [verdictEvent(task.request, revision)]),
      ]);
      await show(records, shown);
      if (quality !== null) await records.queue.addQuality({ taskId, openedAt: readAt, readers: quality });
      return revision;
    },

    /** Takes a task that nobody decided in time out of the queue, and appends what the policy makes of it; `null`: nothing. */
    async recordExpiry({ outcome, expiredAt, shown }: Expiry): Promise<Revision | null> {
      const { taskId } = shown;
      let revision: Revision | null = null;
      if (outcome !== null) {
        const { task, machine } = await underReview(records, taskId);
        const { suggestion, decisionId, reason } = outcome;
        const verdict = expiredVerdict(machine, suggestion, reason);
        const nobody = { reviewer: null, reason: null };
        const made = { taskId, origin: 'deadline' as const, verdict, recordedAt: expiredAt, decisionId, ...nobody };
        revision = await records.appendRevision(made);
        await records.audit.append([verdictEvent(task.request, revision)]);
      }
      await show(records, shown);
      return revision;
    },
  });
}

async function show({ queue }: RecordStore, { taskId, sequence, state }: Shown): Promise<void> {
  if (state === null) await queue.remove(taskId, sequence);
  else await queue.put({ taskId, sequence, ...state });
}

async function underReview(records: RecordStore, taskId: string): Promise<{ task: TaskRecord; machine: Verdict }> {
  const [task, revisions] = await Promise.all([records.findTask(taskId), records.revisions(taskId)]);
  if (task === null) throw new TaskNotFoundError(taskId);
  return { task, machine: machineVerdict(taskId, revisions) };
}

function machineVerdict(taskId: string, revisions: readonly Revision[]): Verdict {
  const last = judged(revisions);
  if (last === null) throw new TypeError(`Expected ${taskId} to have a verdict before its review`);
  return last.verdict;
}

export type ReviewActivities = ReturnType<typeof reviewActivities>;
