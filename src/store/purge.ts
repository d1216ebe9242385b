import { randomInt } from 'node:crypto';
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

/** First bytes looked at by one sweep: hourly, everything is seen every other day in the mean, and a million blobs cost a second. */
const SWEPT_SHARE = 8;

/** First bytes of the digests that a sweep looks at, drawn by lot. */
export function drawnBytes(): number[] {
  return Array.from({ length: SWEPT_SHARE }, () => randomInt(256));
}

/**
 * Removes blobs stored before the instant that no record refers to, and answers how many: what was seen of segments that were decoded anew, and of tasks that failed
 * or were cancelled. One sweep looks at a share of them, drawn by lot; `firstBytes` names it.
 */
export async function sweepBlobs(
  records: Pick<RecordStore, 'unreferencedAmong'>,
  blobs: BlobStore,
  instant: string,
  firstBytes: readonly number[] = drawnBytes(),
): Promise<number> {
  const before = new Date(instant);
  let gone = 0;
  for (const firstByte of firstBytes) {
    const old = await blobs.storedBefore(before, firstByte);
    // Who is about to refer to one has stored it again, which `delete` respects.
    for (const digest of await records.unreferencedAmong(old)) if (await blobs.delete(digest, before)) gone++;
  }
  return gone;
}
