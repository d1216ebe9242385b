import { decide } from '../domain/decide.js';
import { timelineOf } from '../domain/timeline.js';
import type { Policy } from '../schema/policy.js';
import type { Verdict } from '../schema/verdict.js';
import { BlobNotFoundError, type BlobStore } from './blobs.js';
import { readSeen } from './observations.js';
import type { RecordStore, TaskRecord } from './records.js';

interface Stores {
  records: Pick<RecordStore, 'findTask' | 'observationChunks'>;
  blobs: BlobStore;
}

/** Thrown when a task has no observations to decide from. */
export class NotDecidableError extends Error {
  override name = 'NotDecidableError' as const;

  constructor(readonly taskId: string) {
    super(`Expected ${taskId} to be a task with a verdict: only what was classified to the end can be decided again.`);
  }
}

/**
 * The verdict that a policy reaches on a finished task, from the observations kept: without decoding or inference.
 * @throws {NotDecidableError}
 */
export async function redecide(
  { records, blobs }: Stores,
  taskId: string,
  { policy, policyDigest }: { policy: Policy; policyDigest: string },
): Promise<Verdict> {
  const task = await records.findTask(taskId);
  const verdict =
    task?.status === 'Succeeded' ? await decideKept({ records, blobs }, task, { policy, policyDigest }) : null;
  if (verdict === null) throw new NotDecidableError(taskId);
  return verdict;
}

/**
 * What could be said of a task that has no verdict, because it still runs or was cut off, by what is recorded of it so far and by its own policy; `null`:
 * nothing of it is classified, or what was seen is gone.
 */
export async function decideSoFar(stores: Stores, task: TaskRecord): Promise<Verdict | null> {
  try {
    const verdict = await decideKept(stores, task, task.request);
    return verdict === null || verdict.coverage.inspected === 0 ? null : verdict;
  } catch (error) {
    if (error instanceof BlobNotFoundError) return null;
    throw error;
  }
}

/** `null`: it is not known what there was to look at. */
async function decideKept(
  { records, blobs }: Stores,
  { request, probed, plan }: TaskRecord,
  { policy, policyDigest }: { policy: Policy; policyDigest: string },
): Promise<Verdict | null> {
  if (probed === null || plan === null) return null;
  const chunks = await records.observationChunks(request.taskId);
  return decide({
    ...(await readSeen(blobs, chunks)),
    policy,
    policyDigest,
    scenes: request.options.scenes,
    detectors: request.detectors,
    plan,
    taskType: request.taskType,
    video: timelineOf(probed),
    inspected: chunks,
  });
}
