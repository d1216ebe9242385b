import { FAILURE } from '../domain/failure.js';
import type { PurgeWatch } from './purge.js';
import type { RecordStore } from './records.js';

/**
 * Ends the records of tasks that run nowhere any more: their workflow was terminated, or the cluster lost it. They would count as open for ever.
 * Answers how many there were.
 */
export async function repairRecords(
  records: Pick<RecordStore, 'openTaskIds' | 'findTask' | 'endTask'>,
  { isOpen, step }: PurgeWatch,
): Promise<number> {
  let mended = 0;
  for (const taskId of await records.openTaskIds()) {
    step();
    if (await isOpen(taskId)) continue;
    // It may have ended a moment ago, and then its end is recorded by now.
    if ((await records.findTask(taskId))?.status !== 'Running') continue;
    await records.endTask(taskId, {
      status: 'Failed',
      code: FAILURE.InternalError,
      message: 'The task was ended from outside before it had a result. Create it again.',
      endTime: new Date().toISOString(),
    });
    mended++;
  }
  return mended;
}
