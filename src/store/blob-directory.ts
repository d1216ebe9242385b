import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { processMark, removeLeftovers } from '../process/leftovers.js';
import { BlobCorruptError, BlobNotFoundError, type BlobStore, InvalidDigestError } from './blobs.js';

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

const isMissing = (error: unknown) => (error as NodeJS.ErrnoException).code === 'ENOENT';

/** Makes what was renamed into a directory, or made in it, survive a power cut. */
async function syncDirectory(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function writeDurably(path: string, bytes: Uint8Array): Promise<void> {
  const handle = await open(path, 'wx');
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Opens a blob store in a directory, made when missing: the blob with digest `ab12…` is the file `ab/12…`, written elsewhere and renamed into place,
 * so that a file under its name is always whole. Any number of processes may use the directory at once.
 */
export async function openBlobDirectory(directory: string): Promise<BlobStore> {
  const temporary = join(directory, 'tmp');
  await removeLeftovers(temporary);

  const folderOf = (digest: string) => join(directory, digest.slice(0, 2));
  const pathOf = (digest: string) => {
    if (!/^[0-9a-f]{64}$/.test(digest)) throw new InvalidDigestError(digest);
    return join(folderOf(digest), digest.slice(2));
  };
  const statOf = async (digest: string) => {
    try {
      return await stat(pathOf(digest));
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
  };
  /** Marks it as stored now; answers false when it is not there in full. */
  const touch = async (digest: string, sizeBytes: number) => {
    if ((await statOf(digest))?.size !== sizeBytes) return false;
    try {
      const now = new Date();
      await utimes(pathOf(digest), now, now);
      return true;
    } catch (error) {
      if (isMissing(error)) return false;
      throw error;
    }
  };

  return {
    async put(bytes) {
      const digest = sha256(bytes);
      const folder = folderOf(digest);
      if (!(await touch(digest, bytes.byteLength))) {
        const path = join(temporary, `${processMark()}${randomUUID()}`);
        try {
          await writeDurably(path, bytes);
          if ((await mkdir(folder, { recursive: true })) !== undefined) await syncDirectory(directory);
          await rename(path, pathOf(digest));
        } catch (error) {
          await rm(path, { force: true });
          throw error;
        }
      }
      // Also when it was there: whoever put it may not have come to this line.
      await syncDirectory(folder);
      return digest;
    },

    async get(digest) {
      const path = pathOf(digest);
      let bytes: Buffer;
      try {
        bytes = await readFile(path);
      } catch (error) {
        throw isMissing(error) ? new BlobNotFoundError(digest) : error;
      }
      const actual = sha256(bytes);
      if (actual !== digest) throw new BlobCorruptError(digest, actual, path);
      return bytes;
    },

    async has(digest) {
      return (await statOf(digest)) !== null;
    },

    async delete(digest, unlessPutSince) {
      if (unlessPutSince !== undefined) {
        const found = await statOf(digest);
        if (found !== null && found.mtimeMs >= unlessPutSince.getTime()) return false;
      }
      await rm(pathOf(digest), { force: true });
      return true;
    },

    async storedBefore(instant, firstByte) {
      const folder = firstByte.toString(16).padStart(2, '0');
      const names = await readdir(join(directory, folder)).catch((error: unknown) => {
        if (isMissing(error)) return [];
        throw error;
      });
      const stored = await Promise.all(
        names.map(async (name) => ({ digest: folder + name, at: (await statOf(folder + name))?.mtimeMs ?? Infinity })),
      );
      return stored.filter(({ at }) => at < instant.getTime()).map(({ digest }) => digest);
    },
  };
}
