import type { AccessKey, AccessKeyStore } from '../store/access-keys.js';

/** A disabled key is refused by every API process within this. */
const LIFETIME_MS = 1000;
const CAPACITY = 1000;

/**
 * Remembers keys found for a second, so that a busy client costs one read and one decryption a second.
 * Ids that are not there are not remembered: a new key works at once, and guesses fill nothing.
 */
export function cachedKeys(
  keys: Pick<AccessKeyStore, 'find'>,
  now: () => number = () => performance.now(),
): Pick<AccessKeyStore, 'find'> {
  const found = new Map<string, { key: AccessKey; untilMs: number }>();
  return {
    async find(accessKeyId) {
      const cached = found.get(accessKeyId);
      if (cached !== undefined && cached.untilMs > now()) return cached.key;
      found.delete(accessKeyId);
      // Counted from before the read: what changes during it is seen no later than what changes after it.
      const untilMs = now() + LIFETIME_MS;
      const key = await keys.find(accessKeyId);
      if (key === null) return null;
      const [oldest] = found.keys();
      if (found.size >= CAPACITY && oldest !== undefined) found.delete(oldest);
      found.set(accessKeyId, { key, untilMs });
      return key;
    },
  };
}
