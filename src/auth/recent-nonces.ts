import type { NonceStore } from '../store/nonces.js';

/** Nonces remembered at most; at about 150 bytes each this is 15 MB. */
const CAPACITY = 100_000;

/**
 * Nonces of requests that change nothing, in this process only. Beyond its capacity the oldest are forgotten early:
 * the worst of it is an answer read twice, by somebody who holds a request signed less than 15 minutes ago.
 */
export function recentNonces(now: () => number = Date.now, capacity = CAPACITY): NonceStore {
  /** When each expires, in the order of arrival. */
  const seen = new Map<string, number>();

  function forget(atMs: number): void {
    for (const [key, expiresAtMs] of seen) {
      if (expiresAtMs > atMs && seen.size < capacity) return;
      seen.delete(key);
    }
  }

  return {
    use(accessKeyId, nonce, expiresAtMs) {
      const key = `${accessKeyId}\n${nonce}`;
      const known = (seen.get(key) ?? 0) > now();
      if (!known) {
        forget(now());
        seen.delete(key);
        seen.set(key, expiresAtMs);
      }
      return Promise.resolve(!known);
    },
    close: () => Promise.resolve(),
  };
}
