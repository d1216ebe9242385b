import { z } from 'zod';
import { MemberName, MemberProjects, MemberSettings, ROLES, type Member, type Role } from '../member.js';

/**
 * What the console's page and its server say to each other. Every path is below `/review/api`; bodies are JSON. A request that changes something carries
 * the header `x-csrf-token` of the session. Errors answer {@link ConsoleError} with a status of 400 and above.
 */
export interface ConsoleError {
  code: ConsoleErrorCode;
  /** One sentence for people, in English. */
  message: string;
}

/** The page has a text of its own for each. */
export const CONSOLE_ERROR_CODES = [
  'InvalidRequest',
  'SignInRequired',
  'SignInRefused',
  'TooManyAttempts',
  'CsrfRefused',
  'Forbidden',
  'NotFound',
  'LinkUsed',
  'MemberExists',
  'LastAdmin',
  'ReviewRefused',
  'ClaimLost',
  'QueueEmpty',
  'BudgetSpent',
  'PolicyChanged',
  'SourceUnavailable',
  'TemporalUnavailable',
  'InternalError',
] as const;
export type ConsoleErrorCode = (typeof CONSOLE_ERROR_CODES)[number];

/** A password: long rather than strange. */
export const Password = z.string().min(12, 'Expected 12 letters or more').max(256);

/** `POST /session`: sign in. Answers {@link SessionView}, with the cookie. */
export const SignIn = z.strictObject({ name: z.string().min(1).max(64), password: z.string().min(1).max(256) });
export type SignIn = z.infer<typeof SignIn>;

/** What can be signed in with: `GET /session/ways`, without a session. */
export interface SignInWays {
  password: true;
  /** What the company's provider is called; `null`: there is none. Signing in with it begins at `/review/oidc/start`. */
  provider: string | null;
}

/** `GET /session` (401 `SignInRequired` without one). `DELETE /session` signs out. */
export interface SessionView {
  member: Member;
  /** For the header `x-csrf-token`. */
  csrfToken: string;
  /** ISO 8601, UTC. */
  expiresAt: string;
  /**
   * Projects that the member may see, each with the reasons its policy lists. That of commands, whose tasks bring their policies along, is the last one,
   * while there are tasks of it; its reasons are those of the newest.
   */
  projects: { name: string; reasons: string[] }[];
  exposure: ExposureView;
}

/** How long a member has looked at severe material in this shift. */
export interface ExposureView {
  seconds: number;
  /** `null`: no budget is set. */
  budgetSeconds: number | null;
  shiftHours: number;
}

/** `GET /links/:secret`: what a one-time link is for; `NotFound` when it is over. */
export interface LinkView {
  purpose: 'first-admin' | 'join' | 'new-password';
  name: string | null;
  role: Role;
}

/** `POST /links/:secret`: uses a one-time link, and signs in. Answers {@link SessionView}. */
export const LinkUse = z.strictObject({ name: MemberName, password: Password });
export type LinkUse = z.infer<typeof LinkUse>;

/** `PUT /me/settings`. Answers {@link SessionView}. */
export { MemberSettings };

/** `PUT /me/password`: signs out everywhere else. */
export const PasswordChange = z.strictObject({ current: z.string().min(1).max(256), next: Password });
export type PasswordChange = z.infer<typeof PasswordChange>;

/** `POST /me/exposure`: seconds of severe material that was shown unblurred since the last report. Answers {@link ExposureView}. */
export const ExposureReport = z.strictObject({ seconds: z.number().min(0).max(120) });
export type ExposureReport = z.infer<typeof ExposureReport>;

/** `GET /members` (admin) answers {@link Member}[]. */
/** `POST /members/links` (admin): invites somebody, or lets a member choose a new password. Answers {@link CreatedLink}. */
export const LinkRequest = z.discriminatedUnion('purpose', [
  z.strictObject({
    purpose: z.literal('join'),
    /** `null`: they choose their name. */
    name: MemberName.nullable(),
    role: z.enum(ROLES),
    projects: MemberProjects,
  }),
  z.strictObject({ purpose: z.literal('new-password'), name: MemberName }),
]);
export type LinkRequest = z.infer<typeof LinkRequest>;

export interface CreatedLink {
  /** Path and fragment below the service's own address; shown once. */
  path: string;
  expiresAt: string;
}

/** `PATCH /members/:name` (admin). Answers {@link Member}; `LastAdmin` when nobody could manage members any more. */
export const MemberPatch = z.strictObject({
  role: z.enum(ROLES).optional(),
  projects: MemberProjects.optional(),
  isDisabled: z.boolean().optional(),
});
export type MemberPatch = z.infer<typeof MemberPatch>;
