import type { OidcConfig } from '../../schema/console-config.js';
import { MemberName, type Member } from '../../schema/member.js';
import type { Claims } from './provider.js';

/** What somebody may do who comes from a provider. */
export interface ProviderRights extends Pick<Member, 'role' | 'projects'> {
  /** By a grant, which counts at every sign-in; else for the first one. */
  isGranted: boolean;
}

/** Rights by what the provider says; `null`: it is none of theirs to come in. */
export function providerRights({ grants, otherwise }: OidcConfig, claims: Claims): ProviderRights | null {
  const granted = grants.find(({ claim, value }) => [claims[claim]].flat().includes(value));
  if (granted !== undefined) return { role: granted.role, projects: granted.projects, isGranted: true };
  return otherwise === undefined ? null : { ...otherwise, isGranted: false };
}

/** The name that somebody from a provider goes by here; `null`: no claim holds one that can be used. */
export function providerName({ nameClaim }: OidcConfig, claims: Claims): string | null {
  const candidates = [claims[nameClaim], claims['email'], claims.sub];
  return candidates.map((candidate) => MemberName.safeParse(candidate)).find(({ success }) => success)?.data ?? null;
}

/** What is kept of who somebody is at a provider: a name of theirs may go to somebody else there. */
export function oidcSubject({ issuer }: Pick<OidcConfig, 'issuer'>, { sub }: Pick<Claims, 'sub'>): string {
  return `${issuer} ${sub}`;
}
