import type { BlobStore } from './blobs.js';
import type { RecordStore } from './records.js';

/**
 * Removes tasks that ended before this instant, but for those named in `except`, with their records and the blobs that only they referred to; answers how many blobs went.
 * Blobs stored since the instant stay until a later purge: a running task with the same observations may be about to refer to them.
 * Safe to repeat, and to go on with after a crash.
 */
export async function purgeEndedBefore(
  records: RecordStore,
  blobs: BlobStore,
  instant: string,
  except: readonly string[] = [],
): Promise<number> {
  const gone: string[] = [];
  for (const digest of await records.purgeEndedBefore(instant, except)) {
    if (await blobs.delete(digest, new Date(instant))) gone.push(digest);
  }
  await records.forgetDigests(gone);
  return gone.length;
}
