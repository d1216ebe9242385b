import { realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../domain/error-code.js';
import { isFilePath } from '../domain/object-key.js';
import type { SourceIdentity, SourceRef } from '../schema/source.js';
import { SourceChangedError, SourceNotFoundError } from './errors.js';
import { isBelowOne } from './file.js';
import { isSame, type LocalSource } from './source.js';

/**
 * The object of a bucket that a directory stands for: a regular file whose real path lies inside. Its version is the modification time in nanoseconds.
 * @throws {SourceNotFoundError} also for what a link leads out to. @throws {SourceChangedError}
 */
export async function identifyInDirectory(source: SourceRef, directory: string, key: string): Promise<SourceIdentity> {
  const { found } = await findObject(source, directory, key);
  return found;
}

/** The object as a local file. See {@link identifyInDirectory}. */
export async function openInDirectory(source: SourceIdentity, directory: string, key: string): Promise<LocalSource> {
  const { path } = await findObject(source, directory, key);
  const assertUnchanged = async (): Promise<void> => {
    await findObject(source, directory, key);
  };
  return { path, assertUnchanged, release: () => Promise.resolve() };
}

async function findObject(source: SourceRef, directory: string, key: string) {
  if (!isFilePath(key)) throw new SourceNotFoundError(source.uri);
  try {
    const path = await realpath(join(directory, key));
    if (!(await isBelowOne([directory], path))) throw new SourceNotFoundError(source.uri);
    const status = await stat(path, { bigint: true });
    if (!status.isFile()) throw new SourceNotFoundError(source.uri);
    const found = { ...source, sizeBytes: Number(status.size), version: String(status.mtimeNs) };
    if (!isSame(source, found)) throw new SourceChangedError(source.uri);
    return { path, found };
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    throw new SourceNotFoundError(source.uri, { cause: error });
  }
}
