import { AUDIT_RETENTION_MS, RETENTION_MS } from '../domain/retention.js';
import type { RecordStore } from './records.js';

/**
 * Removes what the console keeps and nobody needs any more: events and readings after their own retention, and as long after their end as results are kept,
 * sessions, links, sign-ins that failed and time with severe material. Safe to repeat.
 */
export async function purgeConsole(
  { audit, readings, members }: Pick<RecordStore, 'audit' | 'readings' | 'members'>,
  nowMs: number,
): Promise<void> {
  const before = (ms: number) => new Date(nowMs - ms).toISOString();
  await audit.purgeBefore(before(AUDIT_RETENTION_MS));
  await readings.purgeBefore(before(AUDIT_RETENTION_MS));
  await members.purgeBefore(before(RETENTION_MS));
}
