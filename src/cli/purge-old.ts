import { RETENTION_MS } from '../domain/retention.js';
import { errorMessage } from '../domain/error-code.js';
import { purgeEndedBefore, sweepBlobs } from '../store/purge.js';
import { purgeBanks } from '../store/purge-banks.js';
import { purgeConsole } from '../store/purge-console.js';
import type { OpenTask } from '../temporal/tasks.js';
import type { Session } from './session.js';

/**
 * Removes what ended a week ago, with its evidence, where this process owns the data directory; what still waits for a person stays. Never rejects:
 * what fails is logged, and the next command tries again.
 */
export async function purgeOld(session: Session, open: readonly OpenTask[]): Promise<void> {
  if (session.role() !== 'owner') return;
  try {
    const before = new Date(Date.now() - RETENTION_MS).toISOString();
    const waiting = open.map(({ taskId }) => taskId);
    await purgeEndedBefore(session.records, session.blobs, before, waiting);
    await sweepBlobs(session.records, session.blobs, before);
    await purgeBanks(session.banks, session.records, before);
    await purgeConsole(session.records, Date.now());
  } catch (error) {
    session.log(`What ended before the last week could not be removed: ${errorMessage(error)}`);
  }
}
