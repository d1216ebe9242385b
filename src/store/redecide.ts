import { decide } from '../domain/decide.js';
import { timelineOf } from '../domain/timeline.js';
import type { Policy } from '../schema/policy.js';
import type { Verdict } from '../schema/verdict.js';
import type { BlobStore } from './blobs.js';
import { readSeen } from './observations.js';
import type { RecordStore } from './records.js';

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
  { records, blobs }: { records: RecordStore; blobs: BlobStore },
  taskId: string,
  { policy, policyDigest }: { policy: Policy; policyDigest: string },
): Promise<Verdict> {
  const task = await records.findTask(taskId);
  if (task?.probed == null || task.plan === null || task.status !== 'Succeeded') throw new NotDecidableError(taskId);
  const chunks = await records.observationChunks(taskId);
  return decide({
    ...(await readSeen(blobs, chunks)),
    policy,
    policyDigest,
    scenes: task.request.options.scenes,
    detectors: task.request.detectors,
    plan: task.plan,
    taskType: task.request.taskType,
    video: timelineOf(task.probed),
    inspected: chunks,
  });
}
