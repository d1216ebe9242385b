import { setTimeout as sleep } from 'node:timers/promises';

const AGAIN_MS = 200;
/** As long as outages are waited out, see `throughOutages`. */
const LONGEST_MS = 120_000;

/** Thrown when a message was sent again and again and nobody answered. */
export class UnansweredError extends Error {
  override name = 'UnansweredError' as const;
  constructor(readonly waitedMs: number) {
    super(
      `Nobody has answered for ${Math.round(waitedMs / 1000)} s: no worker is there. What was asked may still be done once there is one; ask again to learn.`,
    );
  }
}

/**
 * Sends the same message again until somebody answers it, for two minutes at most. Throws the signal's reason at once.
 * @throws {UnansweredError}
 */
export async function untilAnswered<Answer>(
  send: () => Promise<Answer | 'pending'>,
  signal: AbortSignal,
): Promise<Answer> {
  const startedAt = performance.now();
  for (;;) {
    signal.throwIfAborted();
    const answer = await send();
    if (answer !== 'pending') return answer;
    const waitedMs = performance.now() - startedAt;
    if (waitedMs > LONGEST_MS) throw new UnansweredError(waitedMs);
    await sleep(AGAIN_MS, undefined, { signal });
  }
}
