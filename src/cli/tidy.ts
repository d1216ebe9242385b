import { errorMessage } from '../domain/error-code.js';
import { purgeQueue } from '../store/purge-queue.js';
import { repairRecords } from '../store/repair-records.js';
import { ensurePurgeSchedule } from '../temporal/purge-schedule.js';
import { isStillOpen } from '../temporal/task-state.js';
import type { Session } from './session.js';

/** What an earlier end has left behind is mended, and what is old is removed from now on. Neither keeps a service from starting. */
export async function tidy(session: Session, signal: AbortSignal): Promise<void> {
  const watch = {
    isOpen: (taskId: string) => isStillOpen(session.tasks(), taskId),
    step: (): void => {
      signal.throwIfAborted();
    },
  };
  try {
    await ensurePurgeSchedule(session.tasks());
    const mended = await repairRecords(session.records, watch);
    if (mended > 0) session.log('Tasks that ran nowhere any more were ended', { count: mended });
    const gone = await purgeQueue(session.records.queue, watch);
    if (gone > 0) session.log('Tasks that waited nowhere any more were taken out of the queue', { count: gone });
  } catch (error) {
    if (signal.aborted) return;
    session.log('Tidying up failed and is tried again within an hour, and at the next start', {
      level: 'warn',
      error: errorMessage(error),
    });
  }
}
