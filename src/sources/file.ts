import { realpath, stat } from 'node:fs/promises';
import { sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { errorCode } from '../domain/error-code.js';
import type { SourceIdentity, SourceRef } from '../schema/source.js';
import { SourceChangedError, SourceNotFoundError } from './errors.js';
import { isSame, type LocalSource, type SourceReader } from './source.js';

/**
 * Identity of a local file: its real path, its size, and its modification time in nanoseconds. A directory has one too: it is the probe that refuses it.
 * @throws {SourceNotFoundError}
 */
export async function identifyFile(path: string): Promise<SourceIdentity> {
  try {
    const real = await realpath(path);
    const { size, mtimeNs } = await stat(real, { bigint: true });
    return { uri: pathToFileURL(real).href, sizeBytes: Number(size), version: String(mtimeNs) };
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    throw new SourceNotFoundError(path, { cause: error });
  }
}

/**
 * Reads `file:` sources of this machine, all of them when `roots` is `null` or the source says so, else those whose real path lies below a root.
 * What lies elsewhere is not told from what is not there.
 */
export function fileSources(roots: readonly string[] | null): SourceReader {
  const find = async ({ uri, anyFile }: SourceRef): Promise<SourceIdentity> => {
    const found = await identifyFile(fileURLToPath(uri));
    const isFree = roots === null || anyFile === true;
    if (!isFree && !(await isBelowOne(roots, fileURLToPath(found.uri)))) throw new SourceNotFoundError(uri);
    return anyFile === true ? { ...found, anyFile } : found;
  };
  const findSame = async (source: SourceRef): Promise<SourceIdentity> => {
    const found = await find(source);
    if (!isSame(source, found)) throw new SourceChangedError(source.uri);
    return found;
  };
  return {
    // A file that the task has not pinned yet may be named by a link.
    identify: (source) => (source.version === undefined ? find(source) : findSame(source)),

    async open(source: SourceIdentity): Promise<LocalSource> {
      const { uri } = await findSame(source);
      const assertUnchanged = async (): Promise<void> => {
        await findSame(source);
      };
      return { path: fileURLToPath(uri), assertUnchanged, release: () => Promise.resolve() };
    },
  };
}

/** Whether a real path lies below one of the directories, whose own real paths count. */
export async function isBelowOne(directories: readonly string[], path: string): Promise<boolean> {
  for (const directory of directories) {
    const real = await realpath(directory).catch(() => null);
    if (real !== null && path.startsWith(real.endsWith(sep) ? real : real + sep)) return true;
  }
  return false;
}
