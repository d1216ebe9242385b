import type { Observation } from '../../src/schema/observation.js';
import type { BlobStore } from '../../src/store/blobs.js';
import { readObservations, writeChunk } from '../../src/store/observations.js';
import type { RecordStore } from '../../src/store/records.js';
import { redecide } from '../../src/store/redecide.js';

/** Where a task is copied. */
export interface CopyStores {
  records: RecordStore;
  blobs: BlobStore;
}

/** Keeps a finished task once more under another id, with observations changed so that its blobs are its own, and its verdict made from these. */
export async function copyTask(
  { records, blobs }: CopyStores,
  taskId: string,
  copyId: string,
  change: (seen: Observation) => Observation,
): Promise<void> {
  const task = await records.findTask(taskId);
  if (task?.probed == null || task.plan === null || task.endTime === null)
    throw new Error(`Expected ${taskId} to be a task that has ended.`);
  const { request, probed, plan, startTime, endTime } = task;
  await records.createTask({ ...request, taskId: copyId }, startTime);
  await records.recordPlan(copyId, probed, plan);
  for (const [segment, chunk] of (await records.observationChunks(taskId)).entries()) {
    const observations = (await readObservations(blobs, [chunk])).map(change);
    const { from, to } = chunk;
    await records.recordObservations(copyId, segment, [await writeChunk(blobs, { from, to, observations })]);
  }
  await records.endTask(copyId, { status: 'Succeeded', code: '', message: '', endTime });
  const { policy, policyDigest } = request;
  const verdict = await redecide({ records, blobs }, copyId, { policy, policyDigest });
  const decisionId = `${copyId}/machine`;
  const made = { verdict, decisionId, recordedAt: endTime, reviewer: null, reason: null };
  await records.appendRevision({ ...made, taskId: copyId, origin: 'machine' });
}
