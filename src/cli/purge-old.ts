import { errorMessage } from '../domain/error-code.js';
import { purgeEverything } from '../store/purge-everything.js';
import { isStillOpen } from '../temporal/task-state.js';
import type { OpenTask } from '../temporal/tasks.js';
import type { Session } from './session.js';

/**
 * Removes what is old where this process owns the data directory, see {@link purgeEverything}; what still waits for a person stays. Never rejects: what fails is
 * logged, and the next command tries again. Stops between small pieces once the signal is aborted.
 */
export async function purgeOld(
  session: Pick<Session, 'role' | 'records' | 'blobs' | 'banks' | 'tasks' | 'log'>,
  open: readonly OpenTask[],
  signal: AbortSignal,
): Promise<void> {
  if (session.role() !== 'owner') return;
  const listed = new Set(open.map(({ taskId }) => taskId));
  try {
    await purgeEverything(session, Date.now(), {
      // Finished tasks that are reviewed again are not among those listed.
      isOpen: async (taskId) => listed.has(taskId) || (await isStillOpen(session.tasks(), taskId)),
      step: () => {
        signal.throwIfAborted();
      },
    });
  } catch (error) {
    if (signal.aborted) return;
    session.log(`What ended before the last week could not be removed: ${errorMessage(error)}`);
  }
}
