import { DecodingStoppedError, SparseDecodeError, UnsafeSegmentError } from './errors.js';
import { FfmpegError, FfmpegStalledError } from './ffmpeg-errors.js';
import { MissingFilterError } from './watch-filters.js';

/** What decoding throws: those who wait for it tell these apart by their class. */
const CLASSES = [
  DecodingStoppedError,
  FfmpegError,
  FfmpegStalledError,
  MissingFilterError,
  SparseDecodeError,
  UnsafeSegmentError,
] as const;

/** An error on its way from one thread to another, which takes data only. */
export interface SentError {
  name: string;
  message: string;
  /** Its own fields: texts, numbers and lists of them. */
  fields: Record<string, unknown>;
}

export function sendError(error: unknown): SentError {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error), fields: {} };
  return { name: error.name, message: error.message, fields: Object.fromEntries(Object.entries(error)) };
}

/** The error as it was, with its class where that is one of decoding's. */
export function receiveError({ name, message, fields }: SentError): Error {
  const error = Object.assign(new Error(message), fields);
  const known = CLASSES.find((each) => each.name === name);
  if (known !== undefined) Object.setPrototypeOf(error, known.prototype);
  return error;
}
