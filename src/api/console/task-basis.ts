import { withOwnRules } from '../../domain/own-rules.js';
import { sampleTimeS } from '../../domain/sample-plan.js';
import { judged } from '../../domain/judged.js';
import { timelineOf } from '../../domain/timeline.js';
import type { ChunkRef, Looked, Observation } from '../../schema/observation.js';
import type { SamplePlan } from '../../schema/plan.js';
import type { Policy } from '../../schema/policy.js';
import type { Revision, Verdict } from '../../schema/verdict.js';
import { BlobNotFoundError } from '../../store/blobs.js';
import { readSeen } from '../../store/observations.js';
import { policyOfVerdict } from '../../store/policy-of-verdict.js';
import { decideSoFar } from '../../store/redecide.js';
import type { TaskRecord } from '../../store/records.js';
import type { ConsoleService } from './service.js';

/** What a verdict was reached from, as far as it is still kept. */
export interface TaskBasis {
  observations: readonly Observation[];
  looked: Readonly<Looked> | undefined;
  inspected: readonly ChunkRef[];
  plan: SamplePlan;
  /** The policy that decided, with the rules that detectors brought along; `null`: it is not known any more. */
  policy: Policy | null;
  timeS: (sample: number) => number;
}

/** Reads it; without observations where they are gone. */
export async function basisOf(
  { records, blobs }: Pick<ConsoleService, 'records' | 'blobs'>,
  task: TaskRecord,
  verdict: Verdict,
): Promise<TaskBasis> {
  const [inspected, policy] = await Promise.all([
    records.observationChunks(task.request.taskId),
    policyOfVerdict(records, task.request, verdict),
  ]);
  const seen = await readSeen(blobs, inspected).catch((error: unknown) => {
    if (error instanceof BlobNotFoundError) return { observations: [], looked: verdict.looked };
    throw error;
  });
  const { probed } = task;
  const plan: SamplePlan = task.plan ?? { kind: 'keyframe', pts: [], count: 0 };
  return {
    observations: seen.observations,
    looked: seen.looked,
    inspected,
    plan,
    policy: policy === null ? null : withOwnRules(policy, verdict.detectors),
    timeS: (sample) => (probed === null ? 0 : sampleTimeS(plan, timelineOf(probed).timeBase, sample)),
  };
}

/**
 * What a task is shown by: the revision of the machine that people judge; of a task that has none, because it still runs or was cut off, what could be said of
 * it so far, as revision 0. `null`: nothing yet.
 */
export async function shownBy(
  { records, blobs }: Pick<ConsoleService, 'records' | 'blobs'>,
  task: TaskRecord,
  revisions: readonly Revision[],
): Promise<Revision | null> {
  if (revisions.length > 0) return judged(revisions);
  const verdict = await decideSoFar({ records, blobs }, task);
  if (verdict === null) return null;
  const nobody = { reviewer: null, reason: null, decisionId: '', recordedAt: '' };
  return { revision: 0, origin: 'machine', verdict, ...nobody };
}
