/** Content-addressed storage of observations and evidence. */
export interface BlobStore {
  /** Stores bytes and answers their SHA-256 in hexadecimal; storing the same bytes again changes nothing. Durable once it returns. */
  put(bytes: Uint8Array): Promise<string>;
  /**
   * @throws {BlobNotFoundError} when nothing with this digest is kept.
   * @throws {BlobCorruptError} when what is kept is no longer what was stored.
   */
  get(digest: string): Promise<Buffer>;
  has(digest: string): Promise<boolean>;
  /**
   * Removes it and answers whether it is gone; absent counts as gone.
   * With `unlessPutSince` a blob that was stored, or stored again, from then on is kept: a running task may be about to refer to it.
   */
  delete(digest: string, unlessPutSince?: Date): Promise<boolean>;
  /** Digests of one share of the blobs, those whose first byte is this, 0–255, that were last stored before the instant. */
  storedBefore(instant: Date, firstByte: number): Promise<string[]>;
}

/** Thrown when a blob is asked for that is not kept, for example because its task was purged. */
export class BlobNotFoundError extends Error {
  override name = 'BlobNotFoundError' as const;
  constructor(readonly digest: string) {
    super(
      `Expected a blob with the digest ${digest}, found none: its task was purged, or this is another data directory.`,
    );
  }
}

/** Thrown when the bytes kept under a digest have another digest: the disk or somebody changed them. */
export class BlobCorruptError extends Error {
  override name = 'BlobCorruptError' as const;
  constructor(
    readonly digest: string,
    readonly actualDigest: string,
    /** Where the damaged bytes lie. */
    readonly location: string,
  ) {
    super(
      `Expected ${location} to have the digest ${digest}, got ${actualDigest}: the file is damaged. Moderate the video again with --fresh.`,
    );
  }
}

/** Thrown when something that is no SHA-256 in hexadecimal is given as a digest. */
export class InvalidDigestError extends Error {
  override name = 'InvalidDigestError' as const;
  constructor(readonly digest: string) {
    super(`Expected a digest of 64 hexadecimal digits, got ${JSON.stringify(digest)}.`);
  }
}
