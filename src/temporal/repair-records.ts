import { FAILURE } from '../domain/failure.js';
import type { RecordStore } from '../store/records.js';
import { describeTask } from './task-state.js';
import type { TaskClient } from './tasks.js';

const WAIT_MS = 5000;

/**
 * Ends the records of tasks that run nowhere any more: their workflow was terminated, or the cluster lost it. They would count as open for ever.
 * Answers how many there were; stops between two of them once the signal is aborted.
 */
export async function repairRecords(tasks: TaskClient, records: RecordStore, signal: AbortSignal): Promise<number> {
  let mended = 0;
  for (const taskId of await records.openTaskIds()) {
    if (signal.aborted) return mended;
    const described = await describeTask(tasks, taskId, WAIT_MS);
    // Who does not answer is not asked again: the next start tries it.
    if (described === null) return mended;
    if (described !== 'unknown' && described.isOpen) continue;
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
