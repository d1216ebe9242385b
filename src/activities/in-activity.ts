import { ApplicationFailure, CancelledFailure } from '@temporalio/activity';
import { CircuitOpenError } from '../detectors/own-model/circuit.js';
import { FAILURE, type Failure } from '../domain/failure.js';

/** Errors that no retry mends, by their `name`. Everything else is taken for transient. */
const PERMANENT: Readonly<Record<string, Failure>> = {
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
  NothingDecodedError: FAILURE.NothingDecoded,
  UnsafeSegmentError: FAILURE.UnsafeSegment,
  SupersedesPersonError: FAILURE.SupersedesPerson,
};

type AsyncFunctions = Record<string, (input: never) => Promise<unknown>>;

/** The same activities, failing with Temporal's own failures: the one place where errors are told apart. */
export function inActivity<A extends AsyncFunctions>(activities: A): A {
  const wrapped = Object.entries(activities).map(([name, activity]) => [
    name,
    async (input: never): Promise<unknown> => {
      try {
        return await activity(input);
      } catch (error) {
        throw asFailure(error);
      }
    },
  ]);
  return Object.fromEntries(wrapped) as A;
}

function asFailure(error: unknown): unknown {
  if (error instanceof ApplicationFailure || error instanceof CancelledFailure) return error;
  if (!(error instanceof Error)) return error;
  const type = PERMANENT[error.name];
  if (type !== undefined)
    return ApplicationFailure.create({ message: error.message, type, nonRetryable: true, cause: error });
  if (!(error instanceof CircuitOpenError)) return error;
  // An attempt before that would find nothing else.
  const { message, name, retryAfterMs } = error;
  return ApplicationFailure.create({ message, type: name, nextRetryDelay: retryAfterMs, cause: error });
}
