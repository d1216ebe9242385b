import { timestampExpired, timestampFormat } from '../domain/imm-error.js';

/** How far a request's date may be from the server's clock, before and after, in milliseconds (IMM reference: 15 minutes). */
export const CLOCK_WINDOW_MS = 15 * 60_000;
/** How long a nonce is remembered, in milliseconds: both ways of the window and one minute more. */
export const NONCE_LIFETIME_MS = 2 * CLOCK_WINDOW_MS + 60_000;

const FORMAT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

/**
 * Refuses a request signed too long ago or too far ahead; both edges of the window are inside.
 * @param timestamp as sent
 * @throws {ImmError} InvalidTimeStamp.Format, InvalidTimeStamp.Expired
 */
export function assertTimely(timestamp: string, now: number): void {
  const signedAt = FORMAT.test(timestamp) ? Date.parse(timestamp) : NaN;
  // Date.parse takes the 30th of February for the 2nd of March.
  if (Number.isNaN(signedAt) || !new Date(signedAt).toISOString().startsWith(timestamp.slice(0, -1)))
    throw timestampFormat();
  if (Math.abs(now - signedAt) > CLOCK_WINDOW_MS) throw timestampExpired(new Date(now).toISOString());
}
