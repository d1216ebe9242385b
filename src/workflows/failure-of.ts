import { ActivityFailure, ApplicationFailure, isCancellation } from '@temporalio/workflow';
import { FAILURE } from '../domain/failure.js';

/** Code and message that a caller is given for what ended a task. */
export function failureOf(error: unknown): { code: string; message: string } {
  if (isCancellation(error)) return { code: FAILURE.Cancelled, message: 'The task was cancelled.' };
  const cause = error instanceof ActivityFailure ? error.cause : error;
  if (cause instanceof ApplicationFailure && cause.type != null && cause.type in FAILURE) {
    return { code: cause.type, message: cause.message };
  }
  const message = cause instanceof Error ? cause.message : String(cause);
  return { code: FAILURE.InternalError, message: `The video could not be moderated: ${message}` };
}
