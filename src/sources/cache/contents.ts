import { link, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../../domain/error-code.js';
import { isAbandoned } from '../../process/leftovers.js';
import { newOwner } from './part-names.js';

/** A use of a content, by whom and since when. */
const USE = /^[0-9a-f]{8}-\d+-[0-9a-f]{8}\.\d+\.(?<began>\d+)\./;

/** Age in milliseconds of a use that cannot be one any more: twice what the longest activity may take. Where a pid says nothing, it decides. */
const LONGEST_USE_MS = 24 * 3_600_000;

/**
 * Whole contents by their key, and who uses them. A use is a second link to the file: it cannot fail between a look and the taking, it lasts when the
 * first link is removed, and the number of links tells every process whether anybody uses it.
 */
export class Contents {
  constructor(
    private readonly directory: string,
    private readonly uses: string,
  ) {}

  async has(key: string): Promise<boolean> {
    return (await stat(join(this.directory, key)).catch(ignoreMissing)) !== undefined;
  }

  /** A file of our own with this content; `null` when it is not there. Remove the file when done with it. */
  async use(key: string, sizeBytes: number): Promise<string | null> {
    const content = join(this.directory, key);
    const use = join(this.uses, `${newOwner()}${Date.now()}.${key}`);
    try {
      await link(content, use);
      const now = new Date();
      if ((await stat(use)).size === sizeBytes) {
        await utimes(use, now, now);
        return use;
      }
      // A power cut can leave a name without its bytes.
      await Promise.all([rm(use, { force: true }), rm(content, { force: true })]);
      return null;
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return null;
      throw error;
    }
  }

  /** Takes in a whole file. What is there already under this key is the same content. */
  async add(key: string, path: string): Promise<void> {
    await rename(path, join(this.directory, key));
  }

  /** Bytes on disk, those included that are only in use. */
  async sizeBytes(): Promise<number> {
    const contents = await this.list();
    const usesOnly = (await listed(this.uses)).filter(({ links }) => links === 1);
    return [...contents, ...usesOnly].reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  }

  /** Removes the content that was used least recently and that nobody uses now; answers false when there is none. */
  async removeOldest(): Promise<boolean> {
    const unused = (await this.list()).filter(({ links }) => links === 1);
    const [oldest] = unused.sort((a, b) => a.modifiedMs - b.modifiedMs);
    if (oldest === undefined) return false;
    await rm(oldest.path, { force: true });
    return true;
  }

  /** Ends the uses of processes that are gone. */
  async endAbandonedUses(): Promise<void> {
    for (const name of await readdir(this.uses)) {
      const began = USE.exec(name)?.groups?.['began'];
      const isOver = began === undefined || Date.now() - Number(began) > LONGEST_USE_MS;
      if (isOver || isAbandoned(name)) await rm(join(this.uses, name), { force: true });
    }
  }

  private list() {
    return listed(this.directory);
  }
}

interface ListedFile {
  path: string;
  sizeBytes: number;
  modifiedMs: number;
  links: number;
}

async function listed(directory: string): Promise<ListedFile[]> {
  const files: ListedFile[] = [];
  for (const name of await readdir(directory)) {
    const path = join(directory, name);
    const status = await stat(path).catch(ignoreMissing);
    if (status === undefined) continue;
    files.push({ path, sizeBytes: status.size, modifiedMs: status.mtimeMs, links: status.nlink });
  }
  return files;
}

function ignoreMissing(error: unknown): undefined {
  if (errorCode(error) === 'ENOENT') return undefined;
  throw error;
}
