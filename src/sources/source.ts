import type { SourceIdentity, SourceRef } from '../schema/source.js';

/** A way to get at the bytes of sources of one kind. Errors are those of `errors.ts`. */
export interface SourceReader {
  /**
   * Which content lies there now.
   * @throws {SourceNotFoundError} when there is nothing. @throws {SourceChangedError} when the caller named another content.
   * @throws {SourceRefusedError} when it may not be named. @throws {SourceAccessDeniedError} @throws {SourceUnavailableError} when trying again may help.
   */
  identify(source: SourceRef, signal: AbortSignal): Promise<SourceIdentity>;
  /**
   * A local file with exactly the content that the identity names, fetched first where it must be. Call `release` when done with it.
   * @throws what `identify` throws, and {SourceTooLargeError}, {SourceTooSlowError}, {SourceCacheFullError}.
   */
  open(source: SourceIdentity, signal: AbortSignal): Promise<LocalSource>;
}

/** A file that lies still until it is released. */
export interface LocalSource {
  path: string;
  /** @throws {SourceChangedError} when the content was replaced while it was read. */
  assertUnchanged(): Promise<void>;
  /** Lets go of the file: from then on it may be gone at any time. Never fails; a second call does nothing. */
  release(): Promise<void>;
}

/** Whether what was found is what was named, as far as it was named. A link that now leads elsewhere is another content too. */
export function isSame(named: SourceRef, found: SourceIdentity): boolean {
  const { uri, sizeBytes = found.sizeBytes, version = found.version } = named;
  return uri === found.uri && sizeBytes === found.sizeBytes && version === found.version;
}
