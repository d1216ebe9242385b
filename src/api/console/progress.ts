import type { ProgressView } from '../../schema/console/task.js';
import type { TaskRecord } from '../../store/records.js';
import { isAnswer, isOutage } from '../../temporal/outages.js';
import { readProgress } from '../../temporal/progress.js';
import type { ConsoleService } from './service.js';

/** How far a running task is; `null`: it does not run, or nobody has told within `waitMs` milliseconds. */
export async function progressOf(
  console: Pick<ConsoleService, 'tasks'>,
  { request, status }: TaskRecord,
  waitMs: number,
): Promise<ProgressView | null> {
  if (status !== 'Running') return null;
  try {
    return await readProgress(console.tasks(), request.taskId, waitMs);
  } catch (error) {
    if (isAnswer(error)) return null;
    throw error;
  }
}

/** Whether a task is paused, as its workflow has written it down: known also while nobody has time to answer. */
export async function isPausedByRecord(
  { records }: Pick<ConsoleService, 'records'>,
  { request: { taskId }, status }: TaskRecord,
): Promise<boolean> {
  if (status !== 'Running') return false;
  const [last] = await records.audit.page({ taskId, kinds: ['task-paused', 'task-resumed'], limit: 1 });
  return last?.kind === 'task-paused';
}

/** Whether the evidence of a verdict is still to come, as its workflow tells; it is, too, where nobody has told within `waitMs` milliseconds. */
export async function isKeepingEvidence(
  { tasks }: Pick<ConsoleService, 'tasks'>,
  taskId: string,
  waitMs: number,
): Promise<boolean> {
  try {
    const progress = await readProgress(tasks(), taskId, waitMs);
    // Between the two, the verdict is told.
    return progress?.phase === 'deciding' || progress?.phase === 'keeping evidence';
  } catch (error) {
    // Also while there is no client: whoever shows the task asks again.
    return isOutage(error) || !isAnswer(error);
  }
}
