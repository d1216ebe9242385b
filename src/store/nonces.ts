/** Remembers which nonces were used, so that a signed request is accepted once. */
export interface NonceStore {
  /**
   * Uses a nonce; of several callers with the same one exactly one is told `true`.
   * @param expiresAtMs milliseconds since 1970 from when on it may be forgotten
   * @returns `false` when it was used before
   */
  use(accessKeyId: string, nonce: string, expiresAtMs: number): Promise<boolean>;
  /** Safe to call twice. */
  close(): Promise<void>;
}
