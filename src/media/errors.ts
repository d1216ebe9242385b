/** Thrown when the source is something else than a regular file. Permanent. */
export class NotAFileError extends Error {
  override name = 'NotAFileError' as const;

  constructor(readonly path: string) {
    super(`${path} is not a file: expected a video file, got a directory or a device. Name a file.`);
  }
}

/** Thrown when the source holds no bytes. Permanent. */
export class EmptyFileError extends Error {
  override name = 'EmptyFileError' as const;

  constructor(readonly path: string) {
    super(`${path} is empty: expected a video file, got 0 bytes. Copy or upload it again.`);
  }
}

/** Thrown when no container or no frame can be made out. Permanent. */
export class UnreadableError extends Error {
  override name = 'UnreadableError' as const;

  constructor(
    readonly path: string,
    /** What ffmpeg says about it. */
    readonly detail: string,
  ) {
    super(`${path} cannot be read as a video: ${detail}. Check that it plays, or convert it to MP4.`);
  }
}

/** Thrown when a readable file holds no moving picture: sound only, or a cover picture. Permanent. */
export class NoVideoStreamError extends Error {
  override name = 'NoVideoStreamError' as const;

  constructor(
    readonly path: string,
    /** Kinds of streams that it does hold, for example `audio`. */
    readonly streams: readonly string[],
  ) {
    const found = streams.length === 0 ? 'no stream at all' : `only ${streams.join(', ')}`;
    super(`${path} has no video stream: expected one, got ${found}. Moderate a file with pictures.`);
  }
}

/** Thrown when the pictures are encrypted. Permanent. */
export class EncryptedError extends Error {
  override name = 'EncryptedError' as const;

  constructor(
    readonly path: string,
    /** How, as far as the container tells. */
    readonly scheme: string,
  ) {
    super(
      `${path} is encrypted (${scheme}): expected pictures that can be decoded. Moderate the file before it is encrypted.`,
    );
  }
}

/** Thrown when the video stream holds no frame or takes no time. Permanent. */
export class ZeroDurationError extends Error {
  override name = 'ZeroDurationError' as const;

  constructor(readonly path: string) {
    super(`${path} has a video stream without frames: expected at least one. Check that its recording was finished.`);
  }
}

/** Thrown when decoding from a seek point reports errors: what it gives cannot be trusted, decoding from further back can. Not permanent. */
export class UnsafeSegmentError extends Error {
  override name = 'UnsafeSegmentError' as const;

  constructor(
    readonly segment: number,
    /** First error line of ffmpeg. */
    readonly detail: string,
  ) {
    super(`Segment ${segment} cannot be decoded from its seek point: ${detail}. Decode it from further back.`);
  }
}

/** Thrown when decoding only the pictures needed does not give what decoding all would: the rest is then decoded in full. Never leaves `src/media`. */
export class SparseDecodeError extends Error {
  override name = 'SparseDecodeError' as const;

  constructor(
    /** What was found, for example the first error line of ffmpeg. */
    readonly detail: string,
  ) {
    super(`The pictures needed cannot be decoded without the others: ${detail}. Decode them all.`);
  }
}

/** Thrown by `digests` when the consumer of the frames left before their end. */
export class DecodingStoppedError extends Error {
  override name = 'DecodingStoppedError' as const;

  constructor() {
    super(
      'Decoding was stopped before its end because no more frames were wanted. Read the frames to their end to have digests.',
    );
  }
}
