/**
 * Types of permanent failures, as they appear in Temporal and, as `Code`, in results. An activity that fails with one of these is not retried.
 * Names are constants because a class name could be changed by a minifier, and a permanent fault would then be retried.
 */
export const FAILURE = {
  NotAFile: 'NotAFile',
  EmptyFile: 'EmptyFile',
  Unreadable: 'Unreadable',
  NoVideoStream: 'NoVideoStream',
  Encrypted: 'Encrypted',
  ZeroDuration: 'ZeroDuration',
  SourceNotFound: 'SourceNotFound',
  SourceChanged: 'SourceChanged',
  /** The address is none, or the operator's configuration has no place for it. */
  SourceRefused: 'SourceRefused',
  SourceAccessDenied: 'SourceAccessDenied',
  SourceTooLarge: 'SourceTooLarge',
  SourceTooSlow: 'SourceTooSlow',
  NotAnImage: 'NotAnImage',
  ImageTooLarge: 'ImageTooLarge',
  NothingDecoded: 'NothingDecoded',
  /** Decoding from a seek point reported errors: answered by a pass from further back, never seen by a caller. */
  UnsafeSegment: 'UnsafeSegment',
  SupersedesPerson: 'SupersedesPerson',
  Cancelled: 'Cancelled',
  InternalError: 'InternalError',
} as const;
export type Failure = (typeof FAILURE)[keyof typeof FAILURE];
