import type { FastifyInstance, FastifyRequest } from 'fastify';
import { includesRole, mayEnter } from '../../auth/console/rights.js';
import { csrfTokenOf, digestOfToken, isSameText } from '../../auth/console/tokens.js';
import type { Role } from '../../schema/member.js';
import type { MemberSession, StoredMember } from '../../store/members.js';
import type { TaskRecord } from '../../store/records.js';
import { cookieOf } from './cookies.js';
import { ConsoleProblem } from './problem.js';
import { refuseForeign } from './same-origin.js';
import type { ConsoleService } from './service.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may use a route of the console; absent: everybody who is signed in. */
    access?: 'everybody' | Role;
  }
}

/** Who sends a request. */
export interface SignedIn {
  member: StoredMember;
  session: MemberSession;
  csrfToken: string;
  /** When the session ends unless something is asked for before: ISO 8601, UTC. */
  expiresAt: string;
}

/** What is written down of a session's last request may be this late, in milliseconds: a write a request would be too many. */
const SEEN_EVERY_MS = 60_000;

const known = new WeakMap<FastifyRequest, SignedIn>();

/** Who sends this request: on every route but those for everybody. */
export function signedIn(request: FastifyRequest): SignedIn {
  const found = known.get(request);
  if (found === undefined) throw new TypeError('Expected a route that is for members only.');
  return found;
}

/**
 * Lets requests to the routes of this scope in: signed in, in the role that the route's `config.access` names, and with the session's token where something is changed.
 * Rights on projects are the handlers' to check, by {@link enterProject} or {@link enterTask}.
 */
export function guard(app: FastifyInstance, console: ConsoleService): void {
  app.addHook('onRequest', async (request) => {
    const { access = 'reviewer' } = request.is404 ? {} : request.routeOptions.config;
    const isChange = request.method !== 'GET';
    if (isChange) refuseForeign(request, console.settings());
    if (access === 'everybody') return;
    const found = await findSignedIn(request, console);
    if (found === null) throw new ConsoleProblem('SignInRequired', 'Expected somebody who is signed in.');
    if (isChange && !isSameText(String(request.headers['x-csrf-token'] ?? ''), found.csrfToken))
      throw new ConsoleProblem('CsrfRefused', "Expected the header x-csrf-token with the session's token.");
    if (!includesRole(found.member.role, access))
      throw new ConsoleProblem('Forbidden', `Expected a member of the role ${access} or above.`);
    known.set(request, found);
  });
}

/** Who is signed in by the request's cookie, or `null`; notes that they were seen. */
async function findSignedIn(request: FastifyRequest, { records, settings }: ConsoleService): Promise<SignedIn | null> {
  const token = cookieOf(request, 'session');
  if (token === null) return null;
  const now = Date.now();
  const tokenDigest = digestOfToken(token);
  const found = await records.members.findSession(tokenDigest, new Date(now).toISOString());
  if (found === null) return null;
  const { session, member } = found;
  const idleUntil = Date.parse(session.seenAt) + settings().console.idleMs;
  if (idleUntil <= now) {
    await records.members.closeSession(tokenDigest);
    return null;
  }
  if (now - Date.parse(session.seenAt) >= SEEN_EVERY_MS)
    await records.members.touchSession(tokenDigest, new Date(now).toISOString());
  const endsMs = Math.min(now + settings().console.idleMs, Date.parse(session.expiresAt));
  return { member, session, csrfToken: csrfTokenOf(token), expiresAt: new Date(endsMs).toISOString() };
}

/** Projects whose tasks a member sees, for queries: `null` is every one. With `project` only that one. */
export function projectsOf(request: FastifyRequest, project?: string): readonly string[] | null {
  if (project === undefined) return signedIn(request).member.projects;
  enterProject(request, project);
  return [project];
}

/**
 * Checks the rights on a project.
 * @throws {ConsoleProblem} NotFound: whoever has none learns nothing of what there is
 */
export function enterProject(request: FastifyRequest, project: string): void {
  if (!mayEnter(signedIn(request).member, project)) throw new ConsoleProblem('NotFound', 'There is no such project.');
}

/**
 * The task, when the member has rights on its project.
 * @throws {ConsoleProblem} NotFound: whoever has none learns nothing of what there is
 */
export async function enterTask(
  { records }: Pick<ConsoleService, 'records'>,
  request: FastifyRequest,
  taskId: string,
): Promise<TaskRecord> {
  const task = await records.findTask(taskId);
  if (task === null || !mayEnter(signedIn(request).member, task.request.projectName))
    throw new ConsoleProblem('NotFound', 'There is no such task.');
  return task;
}
