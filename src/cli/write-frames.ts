import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Stores } from '../deps.js';
import { clock } from '../domain/reasons.js';
import { blurJpeg, contactSheet, type SheetEntry } from '../media/image.js';

/**
 * Writes the frames kept for a task into a directory of its own below `directory`, each named by its time, and all of them on a contact sheet with
 * their rates. Blurred unless told otherwise. Answers that directory's path, or `null` when nothing is kept.
 */
export async function writeFrames(
  { records, blobs }: Stores,
  taskId: string,
  directory: string,
  { blur }: { blur: boolean },
): Promise<string | null> {
  const [items, revision] = await Promise.all([records.evidence(taskId), records.latestRevision(taskId)]);
  const frames = items.filter(({ kind }) => kind === 'frame');
  if (frames.length === 0) return null;
  const own = join(directory, taskId);
  await mkdir(own, { recursive: true });
  const entries: SheetEntry[] = [];
  for (const { sample, startS, digest } of frames) {
    const kept = await blobs.get(digest);
    const jpeg = blur ? await blurJpeg(kept) : kept;
    const rate = revision?.verdict.blockFrames.find((frame) => frame.sample === sample)?.rate;
    await writeFile(join(own, `${clock(startS).replaceAll(':', '-')}-sample-${sample}.jpg`), jpeg);
    entries.push({ jpeg, caption: `${clock(startS)}${rate === undefined ? '' : `  ${rate.toFixed(1)}`}` });
  }
  await writeFile(join(own, 'contact-sheet.jpg'), await contactSheet(entries));
  return own;
}
