import { FAILURE, type Failure } from '../domain/failure.js';

// By the `name` of their class. What is in none of these may go away by itself, and is tried as often as the options of the work say.

/** Errors that no retry mends, with the code that results tell of them. */
export const TOLD: Readonly<Record<string, Failure>> = {
  NotAFileError: FAILURE.NotAFile,
  EmptyFileError: FAILURE.EmptyFile,
  UnreadableError: FAILURE.Unreadable,
  NoVideoStreamError: FAILURE.NoVideoStream,
  EncryptedError: FAILURE.Encrypted,
  ZeroDurationError: FAILURE.ZeroDuration,
  SourceNotFoundError: FAILURE.SourceNotFound,
  SourceChangedError: FAILURE.SourceChanged,
  SourceRefusedError: FAILURE.SourceRefused,
  SourceAccessDeniedError: FAILURE.SourceAccessDenied,
  SourceTooLargeError: FAILURE.SourceTooLarge,
  SourceTooSlowError: FAILURE.SourceTooSlow,
  NotAnImageError: FAILURE.NotAnImage,
  ImageTooLargeError: FAILURE.ImageTooLarge,
  UnsafeSegmentError: FAILURE.UnsafeSegment,
  SupersedesPersonError: FAILURE.SupersedesPerson,
};

/** Errors that no retry mends either: they are nobody's fault who asked, and results tell of an `InternalError` with their message. */
export const UNTOLD: ReadonlySet<string> = new Set([
  // The record was there when the work began: it was purged meanwhile.
  'TaskNotFoundError',
  'NotDecidableError',
  // Stored durably before anything named it, where every worker reads: it was removed, or damaged where it lies.
  'BlobNotFoundError',
  'BlobCorruptError',
  'BankContentMissingError',
  // What was asked for is wrong, and is the same the next time.
  'InvalidDigestError',
  'InvalidInstantError',
]);

/** Errors of the worker that met them. Another one of a fleet may be whole, or this one be mended: it is tried a few times, and then they are permanent. */
export const OF_THE_WORKER: ReadonlySet<string> = new Set([
  'ModelMissingError',
  'ModelDamagedError',
  'OwnNetworkError',
  'MissingFilterError',
  // A content that an older version cannot read, or a newer one not any more.
  'NotABankError',
]);

/** Attempts in which a worker that is whole should have been found: they take a few seconds, where the 50 of classifying take eleven minutes. */
export const WORKERS_TRIED = 5;
