import { z } from 'zod';
import { MemberProjects, ROLES } from './member.js';

/** Issuers that may be reached without TLS: nobody reads along on the way to them. */
const LOOPBACK = /^http:\/\/(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?(\/|$)/;

const claimName = z.string().min(1).max(64);

/** What somebody may do in the console who comes from the provider. */
const Rights = z.strictObject({
  role: z.enum(ROLES),
  /** Absent: every project. */
  projects: MemberProjects.default(null),
});

/** Signing in with the company's provider by OpenID Connect. */
export const OidcConfig = z
  .strictObject({
    /** What the provider is called on the page. */
    name: z.string().min(1).max(64),
    /** Its address, below which `.well-known/openid-configuration` lies. */
    issuer: z.url({ protocol: /^https?$/ }),
    clientId: z.string().min(1),
    clientSecret: z.string().min(1),
    /** Asked for beside `openid`. */
    scopes: z.array(z.string().min(1)).default(['profile', 'email']),
    /** Claim that a member's name is taken from; without a usable one `email`, then `sub`. */
    nameClaim: claimName.default('preferred_username'),
    /** Rights by claims; the first that fits counts, at every sign-in. */
    grants: z
      .array(
        Rights.extend({
          claim: claimName,
          /** The claim, or one of its values where it is a list. */
          value: z.string().min(1),
        }),
      )
      .default([]),
    /** Rights of those that no grant fits, at their first sign-in; absent: they are refused. */
    otherwise: Rights.optional(),
    /** For tries on one machine: lets the issuer be `http://` on a loopback address. */
    allowInsecure: z.boolean().default(false),
  })
  .refine(({ issuer, allowInsecure }) => issuer.startsWith('https:') || (allowInsecure && LOOPBACK.test(issuer)), {
    path: ['issuer'],
    message: 'Expected an address that begins with https://, or a loopback one with allowInsecure',
  })
  .refine(({ grants, otherwise }) => grants.length > 0 || otherwise !== undefined, {
    path: ['grants'],
    message: 'Expected grants, or otherwise with the rights of everybody: else nobody could sign in',
  });
export type OidcConfig = z.infer<typeof OidcConfig>;

/** The review console, as its operator wants it. */
export const ConsoleConfig = z
  .strictObject({
    /** Where browsers reach the service, for example `https://moderation.example.com`; absent: where it listens. */
    publicUrl: z
      .url({ protocol: /^https?$/ })
      .refine((url) => new URL(url).pathname === '/', 'Expected an address without a path')
      .optional(),
    /** Somebody who asks nothing for so long is signed out. */
    sessionHours: z.number().gt(0).max(168).default(12),
    /** How long a member may look at severe material before the queue pauses for them; absent: as long as they want. */
    exposure: z
      .strictObject({
        /** Of severe material shown unblurred. */
        minutes: z.number().gt(0).max(1440),
        /** In any stretch of so many hours. */
        hours: z.number().gt(0).max(168).default(8),
      })
      .optional(),
    oidc: OidcConfig.optional(),
  })
  .refine(({ oidc, publicUrl }) => oidc === undefined || publicUrl !== undefined, {
    path: ['publicUrl'],
    message: 'Expected the address that the provider sends people back to',
  });
export type ConsoleConfig = z.infer<typeof ConsoleConfig>;
