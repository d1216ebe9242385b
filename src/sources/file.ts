import { realpath, stat } from 'node:fs/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { errorCode } from '../domain/error-code.js';
import type { SourceIdentity } from '../schema/source.js';
import { SourceChangedError, SourceNotFoundError, type LocalSource, type SourceReader } from './source.js';

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

/** Reads `file:` sources of this machine. */
export const fileSources: SourceReader = {
  async open(source: SourceIdentity): Promise<LocalSource> {
    const path = fileURLToPath(source.uri);
    const assertUnchanged = async (): Promise<void> => {
      const now = await identifyFile(path);
      if (now.uri !== source.uri || now.sizeBytes !== source.sizeBytes || now.version !== source.version) {
        throw new SourceChangedError(source.uri);
      }
    };
    await assertUnchanged();
    return { path, assertUnchanged };
  },
};
