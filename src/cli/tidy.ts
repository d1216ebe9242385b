import { errorMessage } from '../domain/error-code.js';
import { purgeQueue } from '../store/purge-queue.js';
import { ensurePurgeSchedule } from '../temporal/purge-schedule.js';
import { repairRecords } from '../temporal/repair-records.js';
import { describeTask } from '../temporal/task-state.js';
import type { TaskClient } from '../temporal/tasks.js';
import type { Session } from './session.js';

const WAIT_MS = 5000;

/** What an earlier end has left behind is mended, and what is old is removed from now on. Neither keeps a service from starting. */
export async function tidy(session: Session, signal: AbortSignal): Promise<void> {
  try {
    await ensurePurgeSchedule(session.tasks());
    const mended = await repairRecords(session.tasks(), session.records, signal);
    if (mended > 0) session.log('Tasks that ran nowhere any more were ended', { count: mended });
    const gone = await purgeQueue(
      session.records.queue,
      async (taskId) => signal.aborted || (await mayBeOpen(session.tasks(), taskId)),
    );
    if (gone > 0) session.log('Tasks that waited nowhere any more were taken out of the queue', { count: gone });
  } catch (error) {
    session.log('Tidying up failed and is tried again at the next start', {
      level: 'warn',
      error: errorMessage(error),
    });
  }
}

/** Whether the task's workflow is open, or nobody says that it is not. */
export async function mayBeOpen(tasks: TaskClient, taskId: string): Promise<boolean> {
  const described = await describeTask(tasks, taskId, WAIT_MS);
  return described === null || (described !== 'unknown' && described.isOpen);
}
