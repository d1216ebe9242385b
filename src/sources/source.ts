import type { SourceIdentity, SourceRef } from '../schema/source.js';

/** A way to get at the bytes of sources of one kind. */
export interface SourceReader {
  /**
   * Which content lies there now.
   * @throws {SourceNotFoundError} when there is nothing. @throws {SourceChangedError} when the caller named another content.
   */
  identify(source: SourceRef, signal: AbortSignal): Promise<SourceIdentity>;
  /**
   * A local file with exactly the content that the identity names.
   * @throws {SourceNotFoundError} when there is nothing any more. @throws {SourceChangedError} when there is something else.
   */
  open(source: SourceIdentity, signal: AbortSignal): Promise<LocalSource>;
}

export interface LocalSource {
  path: string;
  /** @throws {SourceChangedError} when the content was replaced while it was read. */
  assertUnchanged: () => Promise<void>;
}

/** Thrown when a source does not exist, or may not be read. */
export class SourceNotFoundError extends Error {
  override name = 'SourceNotFoundError' as const;

  constructor(
    readonly location: string,
    options?: ErrorOptions,
  ) {
    super(`Expected ${location} to be there and readable: check the path and its permissions.`, options);
  }
}

/** Thrown when a source is no longer what it was when the task was started. */
export class SourceChangedError extends Error {
  override name = 'SourceChangedError' as const;

  constructor(readonly uri: string) {
    super(
      `Expected ${uri} to stay as it was when the task started, but its size or modification time differs: start a new task for the new content.`,
    );
  }
}
