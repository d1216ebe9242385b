import { randomInt } from 'node:crypto';
import type { BlobStore } from './blobs.js';
import type { RecordStore } from './records.js';

/** Whom a purge asks, and whom it tells how it goes. */
export interface PurgeWatch {
  /** Whether a workflow stands behind the task; of what cannot be told, yes. */
  isOpen: (taskId: string) => Promise<boolean>;
  /** Called before each small piece of the work. What it throws ends the purge there, and the next one goes on with it. */
  step: () => void;
}

/**
 * Removes tasks that ended before this instant, but for those whose workflow is open, with their records and the blobs that only they referred to, and notifications
 * made before it; answers how many blobs went.
 * Blobs stored since the instant stay until a later purge: a running task with the same observations may be about to refer to them.
 * Safe to repeat, and to go on with after a crash.
 */
export async function purgeEndedBefore(
  records: Pick<RecordStore, 'endedBefore' | 'removeTasks' | 'notifications' | 'releasedDigests' | 'forgetDigests'>,
  blobs: BlobStore,
  instant: string,
  { isOpen, step }: PurgeWatch,
): Promise<number> {
  for await (const page of records.endedBefore(instant)) {
    step();
    const areOpen = await Promise.all(page.map(isOpen));
    await records.removeTasks(page.filter((_, index) => areOpen[index] === false));
  }
  await records.notifications.purgeBefore(instant);
  const before = new Date(instant);
  let count = 0;
  for await (const digests of records.releasedDigests()) {
    const gone: string[] = [];
    for (const digest of digests) {
      step();
      if (await blobs.delete(digest, before)) gone.push(digest);
    }
    await records.forgetDigests(gone);
    count += gone.length;
  }
  return count;
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
  { step }: Pick<PurgeWatch, 'step'>,
  firstBytes: readonly number[] = drawnBytes(),
): Promise<number> {
  const before = new Date(instant);
  let gone = 0;
  for (const firstByte of firstBytes) {
    step();
    const old = await blobs.storedBefore(before, firstByte);
    for (const digest of await records.unreferencedAmong(old)) {
      step();
      // Who is about to refer to one has stored it again, which `delete` respects.
      if (await blobs.delete(digest, before)) gone++;
    }
  }
  return gone;
}
