import { realpath, stat } from 'node:fs/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { errorCode } from '../domain/error-code.js';
import type { SourceIdentity, SourceRef } from '../schema/source.js';
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
  async identify(source: SourceRef): Promise<SourceIdentity> {
    const found = await identifyFile(fileURLToPath(source.uri));
    if (!isSame(source, found)) throw new SourceChangedError(source.uri);
    return found;
  },

  async open(source: SourceIdentity): Promise<LocalSource> {
    const path = fileURLToPath(source.uri);
    const assertUnchanged = async (): Promise<void> => {
      if (!isSame(source, await identifyFile(path))) throw new SourceChangedError(source.uri);
    };
    await assertUnchanged();
    return { path, assertUnchanged };
  },
};

/** A link that now leads elsewhere is another content too. */
function isSame(named: SourceRef, found: SourceIdentity): boolean {
  const { uri, sizeBytes = found.sizeBytes, version = found.version } = named;
  return uri === found.uri && sizeBytes === found.sizeBytes && version === found.version;
}
