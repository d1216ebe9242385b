import { decide, type DecideInput } from '../domain/decide.js';
import type { EvidenceItem } from '../schema/evidence.js';
import type { ChunkRef } from '../schema/observation.js';
import type { SamplePlan } from '../schema/plan.js';
import type { Policy } from '../schema/policy.js';
import type { TaskRequest } from '../schema/task.js';
import type { Revision, Verdict } from '../schema/verdict.js';
import type { Probed } from '../schema/probed.js';
import type { BlobStore } from '../store/blobs.js';
import { readSeen } from '../store/observations.js';
import type { NewRevision, RecordStore } from '../store/records.js';
import { redecide } from '../store/redecide.js';
import { inActivity } from './in-activity.js';
import { verdictEvent } from './verdict-events.js';

export interface RecordDeps {
  records: RecordStore;
  blobs: BlobStore;
}

/** Where the observations of one segment lie. */
export interface SegmentChunks {
  segment: number;
  chunks: ChunkRef[];
}

/** The machine's verdict and what belongs to it. */
export interface MachineVerdict {
  taskId: string;
  segments: SegmentChunks[];
  verdict: Verdict;
  decisionId: string;
  /** ISO 8601, UTC. */
  endTime: string;
}

/**
 * Activities that write and read the record store: milliseconds each, without heartbeat.
 * Safe to retry: every one of them is an upsert by key or by decision id, with times that the workflow has fixed.
 */
export function recordActivities({ records, blobs }: RecordDeps) {
  /** Writes down that there is a verdict. */
  async function tell(taskId: string, revision: Revision): Promise<void> {
    const task = await records.findTask(taskId);
    if (task !== null) await records.audit.append([verdictEvent(task.request, revision)]);
  }
  return inActivity({
    /** Makes the task known as `Running`. */
    async beginTask({ request, startTime }: { request: TaskRequest; startTime: string }): Promise<void> {
      await records.createTask(request, startTime);
    },

    async recordPlan({ taskId, probed, plan }: { taskId: string; probed: Probed; plan: SamplePlan }): Promise<void> {
      await records.recordPlan(taskId, probed, plan);
    },

    /** Appends the machine's revision, remembers where the observations lie, and ends the machine's run as `Succeeded`. */
    async recordVerdict({ taskId, segments, verdict, decisionId, endTime }: MachineVerdict): Promise<Revision> {
      for (const { segment, chunks } of segments) await records.recordObservations(taskId, segment, chunks);
      const person = { reviewer: null, reason: null };
      const revision = await records.appendRevision({
        taskId,
        origin: 'machine',
        verdict,
        decisionId,
        recordedAt: endTime,
        ...person,
      });
      await tell(taskId, revision);
      await records.endTask(taskId, { status: 'Succeeded', code: '', message: '', endTime });
      return revision;
    },

    /**
     * Appends a later revision and answers it with its number.
     * Permanent: SupersedesPerson, when anything but a person would follow a person.
     */
    async recordRevision(made: NewRevision): Promise<Revision> {
      const revision = await records.appendRevision(made);
      await tell(made.taskId, revision);
      return revision;
    },

    /**
     * Ends the machine's run as `Failed`, also of a task that had not been recorded yet, and remembers where lies what was seen by then: of finished segments,
     * and of others as far as their last attempts had come.
     */
    async recordFailure(failed: {
      request: TaskRequest;
      startTime: string;
      segments: SegmentChunks[];
      code: string;
      message: string;
      endTime: string;
    }): Promise<void> {
      const { request, startTime, segments, ...end } = failed;
      const { taskId } = request;
      await records.createTask(request, startTime);
      for (const { segment, chunks } of segments) await records.recordObservations(taskId, segment, chunks);
      const finished = new Set(segments.map(({ segment }) => segment));
      const begun = new Set((await records.attempts(taskId)).map(({ segment }) => segment));
      for (const segment of begun) {
        const reached = finished.has(segment) ? null : await records.checkpoint(taskId, segment);
        if (reached !== null) await records.recordObservations(taskId, segment, reached.chunks);
      }
      await records.endTask(taskId, { status: 'Failed', ...end });
    },

    async recordEvidence({ taskId, items }: { taskId: string; items: EvidenceItem[] }): Promise<void> {
      await records.recordEvidence(taskId, items);
    },

    /** The verdict of a task with more observations than a history should hold. */
    async decideFromChunks({
      chunks,
      ...facts
    }: Omit<DecideInput, 'observations' | 'inspected'> & { chunks: ChunkRef[] }): Promise<Verdict> {
      return decide({ ...facts, ...(await readSeen(blobs, chunks)), inspected: chunks });
    },

    /** The verdict that another policy reaches from the observations kept. */
    async redecide({
      taskId,
      policy,
      policyDigest,
    }: {
      taskId: string;
      policy: Policy;
      policyDigest: string;
    }): Promise<Verdict> {
      return redecide({ records, blobs }, taskId, { policy, policyDigest });
    },
  });
}

export type RecordActivities = ReturnType<typeof recordActivities>;
