import { rename, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const OwnerInfo = z.object({
  pid: z.int().positive(),
  /** As `processStartTime` gives it: together with the pid it names one process for good. */
  startTime: z.string(),
  /** `null` while the owner is still starting. */
  temporalAddress: z.string().nullable(),
  namespace: z.string().nullable(),
  /** ISO 8601, UTC: when Temporal was ready; `null` until then. */
  readyAt: z.string().nullable(),
});

/** What the owner of a data directory tells those who attach to it. */
export type OwnerInfo = z.infer<typeof OwnerInfo>;

const fileOf = (dataDir: string): string => join(dataDir, 'owner.json');

/** Who says to own the directory, or `null`; whether that process still lives is for the caller to find out. */
export async function readOwner(dataDir: string): Promise<OwnerInfo | null> {
  try {
    return OwnerInfo.parse(JSON.parse(await readFile(fileOf(dataDir), 'utf8')));
  } catch {
    // Absent or not ours to understand: without the lock's holder naming itself there is no owner to attach to.
    return null;
  }
}

/** Replaces the file at once: readers see the old or the new one. Only the lock's holder may call it. */
export async function writeOwner(dataDir: string, owner: OwnerInfo): Promise<void> {
  const draft = `${fileOf(dataDir)}.draft`;
  await writeFile(draft, `${JSON.stringify(owner)}\n`, { mode: 0o600 });
  await rename(draft, fileOf(dataDir));
}

/** Removes the file; absent is fine. Only the lock's holder may call it. */
export async function removeOwner(dataDir: string): Promise<void> {
  await rm(fileOf(dataDir), { force: true });
}
