import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Stores } from '../deps.js';

/** Writes the kept frames of a task into a directory of its own below `directory`; answers that one's path. */
export async function writeFrames(
  { records, blobs }: Stores,
  taskId: string,
  directory: string,
  { blur }: { blur: boolean },
): Promise<string> {
  const own = join(directory, taskId);
  await mkdir(own, { recursive: true });
  for (const item of await records.evidence(taskId)) {
    if (item.kind !== 'frame') continue;
    void blur;
    await writeFile(join(own, `${String(item.sample).padStart(5, '0')}.jpg`), await blobs.get(item.digest));
  }
  return own;
}
