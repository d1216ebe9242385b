import { errorMessage } from '../domain/error-code.js';
import type { Session } from './session.js';

const HOUR_MS = 3_600_000;

/** Logs the head of the audit record, now and every hour: the log lies elsewhere than the record once it is shipped. Answers how to end it. */
export function logAuditHeads(
  { records, log }: Pick<Session, 'records' | 'log'>,
  everyMs: number = HOUR_MS,
): () => void {
  const logHead = (): void => {
    records.audit.head().then(
      (head) => {
        log('Head of the audit record', { ...head });
      },
      (error: unknown) => {
        log('The head of the audit record could not be read', { level: 'warn', error: errorMessage(error) });
      },
    );
  };
  logHead();
  const timer = setInterval(logHead, everyMs);
  timer.unref();
  return () => {
    clearInterval(timer);
  };
}
