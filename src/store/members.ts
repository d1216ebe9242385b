import type { Member, MemberSettings, Role } from '../schema/member.js';

/** A member with what signing in takes. */
export interface StoredMember extends Member {
  /** Salted scrypt, with its parameters; `null`: signs in through a provider. */
  passwordHash: string | null;
  /** Issuer and subject at the company's provider, see `oidcSubject`; `null`: signs in with a password. */
  subject: string | null;
}

export interface MemberChange {
  role?: Role;
  projects?: string[] | null;
  settings?: MemberSettings;
  passwordHash?: string | null;
  subject?: string | null;
  isDisabled?: boolean;
}

/** Somebody signed in at a browser. Tokens are kept as digests only. */
export interface MemberSession {
  /** SHA-256 of the token, hexadecimal. */
  tokenDigest: string;
  member: string;
  createdAt: string;
  /** Last request, at most a minute late. */
  seenAt: string;
  expiresAt: string;
  address: string;
}

/** A link that can be used once: to become the first admin, to join, or to choose a new password. */
export interface MemberLink {
  /** SHA-256 of the link's secret, hexadecimal. */
  digest: string;
  purpose: 'first-admin' | 'join' | 'new-password';
  /** Whom it is for; `null`: they choose their name. */
  name: string | null;
  role: Role;
  projects: string[] | null;
  expiresAt: string;
}

/** Who works in the console. Every write but `create`, `takeLink` and `countFailure` may be repeated. */
export interface MemberStore {
  /** @throws {MemberExistsError} */
  create(member: StoredMember): Promise<void>;
  find(name: string): Promise<StoredMember | null>;
  findBySubject(subject: string): Promise<StoredMember | null>;
  /** By name. */
  list(): Promise<Member[]>;
  /** `false`: there is none of this name. */
  change(name: string, change: MemberChange): Promise<boolean>;
  /** Whether there is an admin who can sign in. */
  hasAdmin(): Promise<boolean>;

  openSession(session: MemberSession): Promise<void>;
  /** `null` when it is over, or its member is disabled or gone. */
  findSession(tokenDigest: string, now: string): Promise<{ session: MemberSession; member: StoredMember } | null>;
  touchSession(tokenDigest: string, seenAt: string): Promise<void>;
  closeSession(tokenDigest: string): Promise<void>;
  /** Signs a member out everywhere, but for one session. */
  closeSessionsOf(name: string, except?: string): Promise<void>;

  /** Keeps a link; those of the same purpose and name that were not used are void, and of those for the first admin all others. One that was used stays so. */
  keepLink(link: MemberLink): Promise<void>;
  findLink(digest: string, now: string): Promise<MemberLink | null>;
  /** Uses a link up; `null` when it was used before, or is over. */
  takeLink(digest: string, now: string): Promise<MemberLink | null>;

  /** Counts a sign-in that failed, and answers how many did since this instant, by any of these keys (a name, an address), each once. */
  countFailure(keys: readonly string[], at: string, since: string): Promise<number>;
  failuresSince(keys: readonly string[], since: string): Promise<number>;
  forgetFailures(keys: readonly string[]): Promise<void>;

  /** Adds time that a member looked at severe material, once for each instant `at`; answers the sum since another one. */
  addExposure(entry: { name: string; at: string; seconds: number; since: string }): Promise<number>;
  exposureSince(name: string, since: string): Promise<number>;

  /** Removes sessions and links that were over, and failures and exposure counted, before this instant. */
  purgeBefore(instant: string): Promise<void>;
}

/** Thrown when a member of this name is there already. */
export class MemberExistsError extends Error {
  override name = 'MemberExistsError' as const;
  constructor(readonly member: string) {
    super(`Expected a new name, got ${member}, which a member has.`);
  }
}
