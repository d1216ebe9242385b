import type { FastifyReply, FastifyRequest } from 'fastify';
import { csrfTokenOf, digestOfToken, newToken } from '../../auth/console/tokens.js';
import { DEFAULT_REASONS } from '../../schema/review-rules.js';
import type { SessionView } from '../../schema/console/session.js';
import type { Member } from '../../schema/member.js';
import type { Policy } from '../../schema/policy.js';
import { DEFAULT_PROJECT } from '../../schema/task.js';
import type { StoredMember } from '../../store/members.js';
import { mayEnter } from '../../auth/console/rights.js';
import { setCookie } from './cookies.js';
import { exposureOf } from './exposure.js';
import type { SignedIn } from './guard.js';
import { newestOfCommands } from './newest-of-commands.js';
import type { ConsoleService } from './service.js';
import { tell } from './tell.js';

/** However busy somebody is, they sign in again after a week. */
const LONGEST_MS = 7 * 24 * 3_600_000;

/** Signs a member in: opens a session, sets its cookie, and writes it down. */
export async function openSession(
  console: ConsoleService,
  request: FastifyRequest,
  reply: FastifyReply,
  member: StoredMember,
  way: 'password' | 'link' | 'provider',
): Promise<SignedIn> {
  const now = Date.now();
  const token = newToken();
  const at = new Date(now).toISOString();
  const session = {
    tokenDigest: digestOfToken(token),
    member: member.name,
    createdAt: at,
    seenAt: at,
    expiresAt: new Date(now + LONGEST_MS).toISOString(),
    address: request.ip,
  };
  await console.records.members.openSession(session);
  await tell(console, request, { kind: 'signed-in', actor: member.name, detail: { way } });
  setCookie(reply, 'session', token, LONGEST_MS / 1000);
  const endsMs = now + Math.min(console.settings().console.idleMs, LONGEST_MS);
  return { member, session, csrfToken: csrfTokenOf(token), expiresAt: new Date(endsMs).toISOString() };
}

/** A session as its page sees it. */
export async function sessionView(console: ConsoleService, signedIn: SignedIn): Promise<SessionView> {
  const { member, csrfToken, expiresAt } = signedIn;
  const [projects, exposure] = await Promise.all([shownProjects(console, member), exposureOf(console, member.name)]);
  return { member: publicMember(member), csrfToken, expiresAt, projects, exposure };
}

/** Projects of the configuration that a member may see, and that of commands, which no configuration names, where there are tasks of it. */
async function shownProjects(
  { records, settings }: Pick<ConsoleService, 'records' | 'settings'>,
  member: StoredMember,
): Promise<SessionView['projects']> {
  const configured = settings().projects;
  const isOfCommands = mayEnter(member, DEFAULT_PROJECT) && !configured.has(DEFAULT_PROJECT);
  const [saved, ofCommands] = await Promise.all([
    records.policies.latestOfAll(),
    isOfCommands ? newestOfCommands({ records }) : [],
  ]);
  const savedOf = new Map(saved.map(({ project, policy }) => [project, policy]));
  return [
    ...[...configured.values()]
      .filter(({ name }) => mayEnter(member, name))
      .map(({ name, policy }) => ({ name, reasons: reasonsOf(savedOf.get(name) ?? policy) })),
    ...ofCommands.map(({ policy }) => ({ name: DEFAULT_PROJECT, reasons: reasonsOf(policy) })),
  ];
}

const reasonsOf = ({ review }: Policy): string[] => [...(review.reasons ?? DEFAULT_REASONS)];

/** A member without what signing in takes. */
export function publicMember({ name, role, projects, settings, hasPassword, createdAt, isDisabled }: Member): Member {
  return { name, role, projects, settings, hasPassword, createdAt, isDisabled };
}
