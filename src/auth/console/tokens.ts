import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** 256 bits of chance: nobody guesses it, so that a digest without salt is enough to keep. */
const TOKEN_BYTES = 32;

/** Draws the token of a session, or the secret of a link. */
export function newToken(): string {
  return randomBytes(TOKEN_BYTES).toString('base64url');
}

/** What is kept of a token: SHA-256, hexadecimal. */
export function digestOfToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** The token that changes are made with: follows from the session's own, which scripts cannot read, and says nothing of it. */
export function csrfTokenOf(token: string): string {
  return createHmac('sha256', token).update('framewarden console csrf v1').digest('base64url');
}

/** Compares in a time that does not tell where two texts differ. */
export function isSameText(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
