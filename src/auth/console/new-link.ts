import type { MemberLink } from '../../store/members.js';
import { digestOfToken, newToken } from './tokens.js';

/** How long a link can be used, in milliseconds. That of the first admin makes whoever has it an admin. */
const LIFETIME_MS = { 'first-admin': 24 * 3_600_000, join: 7 * 24 * 3_600_000, 'new-password': 7 * 24 * 3_600_000 };

/** A one-time link, and where it leads: below the service's own address, with the secret where it is sent to no server. */
export interface NewLink {
  link: MemberLink;
  path: string;
}

/** Draws a link; it counts once it has been stored. */
export function newLink(given: Pick<MemberLink, 'purpose' | 'name' | 'role' | 'projects'>, nowMs: number): NewLink {
  const secret = newToken();
  const expiresAt = new Date(nowMs + LIFETIME_MS[given.purpose]).toISOString();
  return { link: { ...given, digest: digestOfToken(secret), expiresAt }, path: `/review/#/join/${secret}` };
}
