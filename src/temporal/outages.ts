import { setTimeout as sleep } from 'node:timers/promises';

/** gRPC's codes for what may be different the next time: cancelled with its connection, unknown, too late, too much, aborted, not there. */
const PASSING = new Set<unknown>([1, 2, 4, 8, 10, 14]);
const RETRY_MS = 200;
/** Servers restart and owners change; what is away for longer is away for good. */
const OUTAGE_MS = 120_000;

/** Whether a call failed only because the service, or the connection to it, is away. */
export function isOutage(error: unknown): boolean {
  const { code, message, cause } = error as { code?: unknown; message?: unknown; cause?: unknown };
  // What grpc-js throws once a connection is closed has no code.
  if (PASSING.has(code) || message === 'Channel has been shut down') return true;
  return typeof cause === 'object' && cause !== null && isOutage(cause);
}

/** Whether it is what the service answered to a call, whatever that was, and not a fault in here. */
export function isAnswer(error: unknown): boolean {
  const { code, cause } = error as { code?: unknown; cause?: unknown };
  return (
    isOutage(error) || typeof code === 'number' || (typeof cause === 'object' && cause !== null && isAnswer(cause))
  );
}

/**
 * Asks the service again and again while it is away, for two minutes at most. Clients here do not retry by themselves: a retry that is under way when
 * its connection is closed would end the process. The work must be idempotent: its answer may get lost.
 * Throws what the service answers, and the signal's reason at once.
 */
export async function throughOutages<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
  const startedAt = performance.now();
  for (;;) {
    try {
      return await unlessAborted(work(), signal);
    } catch (error) {
      if (signal.aborted || !isOutage(error) || performance.now() - startedAt > OUTAGE_MS) throw error;
    }
    await sleep(RETRY_MS, undefined, { signal });
  }
}

/** Settles as the promise does, or rejects with the signal's reason when that comes first; what the promise stands for goes on. */
export async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const settled = new AbortController();
  const aborted = new Promise<never>((_, reject) => {
    const onAbort = (): void => {
      reject(signal.reason as Error);
    };
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true, signal: settled.signal });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    settled.abort();
  }
}
