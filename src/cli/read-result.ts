import { resultBody } from '../domain/result-body.js';
import type { ModerationResultBody } from '../schema/result.js';
import type { RecordStore } from '../store/records.js';

/** The result as recorded. */
export async function readResult(records: RecordStore, taskId: string): Promise<ModerationResultBody> {
  const found = await records.findResult(taskId);
  if (found === null)
    throw new Error(`Expected ${taskId} to be recorded once its workflow is through; was the data directory replaced?`);
  const { task, revision } = found;
  return resultBody(task.request, { ...task, revision });
}
