import { RETENTION_MS } from '../domain/retention.js';
import type { BankStore } from './banks.js';
import type { BlobStore } from './blobs.js';
import { purgeBanks } from './purge-banks.js';
import { purgeConsole } from './purge-console.js';
import { purgeQueue } from './purge-queue.js';
import { purgeEndedBefore, sweepBlobs, type PurgeWatch } from './purge.js';
import type { RecordStore } from './records.js';

/**
 * Removes what is old: entries of the queue whose workflow was ended from outside; tasks that ended before the retention, with their evidence, but for those whose
 * workflow is open, which wait for a person; a share of the blobs that nothing names any more; contents of banks that were superseded as long ago and that no task
 * under way names; and what the console keeps, after its own time. Safe to repeat, and to go on with after a crash.
 */
export async function purgeEverything(
  { records, blobs, banks }: { records: RecordStore; blobs: BlobStore; banks: BankStore },
  nowMs: number,
  watch: PurgeWatch,
): Promise<void> {
  const before = new Date(nowMs - RETENTION_MS).toISOString();
  await purgeQueue(records.queue, watch);
  await purgeEndedBefore(records, blobs, before, watch);
  await sweepBlobs(records, blobs, before, watch);
  watch.step();
  await purgeBanks(banks, records, before);
  watch.step();
  await purgeConsole(records, nowMs);
}
