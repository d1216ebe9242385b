import type { FastifyInstance } from 'fastify';
import { hashPassword } from '../../auth/console/password.js';
import { newLink } from '../../auth/console/new-link.js';
import { mayGrant } from '../../auth/console/rights.js';
import { digestOfToken } from '../../auth/console/tokens.js';
import { LinkRequest, LinkUse, type CreatedLink, type LinkView } from '../../schema/console/session.js';
import { MemberSettings } from '../../schema/member.js';
import { MemberExistsError, type MemberLink, type StoredMember } from '../../store/members.js';
import { signedIn, type SignedIn } from './guard.js';
import { findManaged } from './members.js';
import { openSession, sessionView } from './open-session.js';
import { ConsoleProblem } from './problem.js';
import { read } from './read.js';
import { refuseReadable } from './same-origin.js';
import type { ConsoleService } from './service.js';
import { tell } from './tell.js';

/** Links that can be used once: made by admins, used by people who then have a password. */
export function links(app: FastifyInstance, console: ConsoleService): void {
  const { members } = console.records;

  app.post('/members/links', { config: { access: 'admin' } }, async (request): Promise<CreatedLink> => {
    const asked = read(LinkRequest, request.body);
    const asker = signedIn(request);
    const { link, path } = newLink(await rightsOf(console, asker, asked), Date.now());
    await members.keepLink(link);
    await tell(console, request, {
      kind: 'link-created',
      actor: asker.member.name,
      detail: { purpose: link.purpose, name: link.name, role: link.role },
    });
    return { path, expiresAt: link.expiresAt };
  });

  app.get<Secret>('/links/:secret', { config: { access: 'everybody' } }, async (request): Promise<LinkView> => {
    const link = await members.findLink(digestOfToken(request.params.secret), new Date().toISOString());
    if (link === null || (await isVoid(console, link)))
      throw new ConsoleProblem('NotFound', 'This link was used before, or is over: ask for another one.');
    const { purpose, name, role } = link;
    return { purpose, name, role };
  });

  app.post<Secret>('/links/:secret', { config: { access: 'everybody' } }, async (request, reply) => {
    refuseReadable(request, console.settings());
    const used = read(LinkUse, request.body);
    const { link, member } = await useLink(console, digestOfToken(request.params.secret), used);
    if (link.purpose === 'new-password') {
      await members.closeSessionsOf(member.name);
      await tell(console, request, {
        kind: 'member-changed',
        actor: member.name,
        detail: passwordChanged(member.name),
      });
    } else
      await tell(console, request, {
        kind: 'member-created',
        actor: member.name,
        detail: { name: member.name, role: member.role, way: link.purpose },
      });
    return sessionView(console, await openSession(console, request, reply, member, 'link'));
  });
}

interface Secret {
  Params: { secret: string };
}

/** What is told of a new password. */
export const passwordChanged = (name: string) => ({ name, change: 'password' });

/** What a link is for, checked against what the asker and the member may. */
async function rightsOf(
  console: ConsoleService,
  { member }: SignedIn,
  asked: LinkRequest,
): Promise<Pick<MemberLink, 'purpose' | 'name' | 'role' | 'projects'>> {
  if (asked.purpose === 'new-password') {
    const { name, role, projects, hasPassword } = await findManaged(console, member, asked.name);
    if (!hasPassword)
      throw new ConsoleProblem('InvalidRequest', `Expected a member with a password, but ${name} has none.`);
    return { purpose: 'new-password', name, role, projects };
  }
  if (!mayGrant(member, asked.projects))
    throw new ConsoleProblem('Forbidden', 'Expected projects that you have rights on yourself.');
  if (asked.name !== null && (await console.records.members.find(asked.name)) !== null)
    throw new ConsoleProblem('MemberExists', `A member has the name ${asked.name} already.`);
  return asked;
}

/** Once there is an admin, nobody becomes the first one any more. */
async function isVoid({ records }: ConsoleService, { purpose }: MemberLink): Promise<boolean> {
  return purpose === 'first-admin' && (await records.members.hasAdmin());
}

/** Uses a link up. A name that is taken leaves it as it was. */
async function useLink(
  console: ConsoleService,
  digest: string,
  { name, password }: LinkUse,
): Promise<{ link: MemberLink; member: StoredMember }> {
  const { members } = console.records;
  const over = new ConsoleProblem('LinkUsed', 'This link was used before, or is over: ask for another one.');
  const found = await members.findLink(digest, new Date().toISOString());
  if (found === null || (await isVoid(console, found))) throw over;
  if (found.name !== null && found.name !== name)
    throw new ConsoleProblem('InvalidRequest', `Expected the name ${found.name}, which the link is for.`);
  if (found.purpose !== 'new-password' && (await members.find(name)) !== null) throw taken(name);
  const passwordHash = await hashPassword(password);
  const link = await members.takeLink(digest, new Date().toISOString());
  if (link === null) throw over;
  if (link.purpose === 'new-password') {
    await members.change(name, { passwordHash });
    const member = await members.find(name);
    if (member === null || member.isDisabled) throw over;
    return { link, member };
  }
  const member: StoredMember = {
    name,
    role: link.role,
    projects: link.projects,
    settings: MemberSettings.parse({}),
    hasPassword: true,
    createdAt: new Date().toISOString(),
    isDisabled: false,
    passwordHash,
    subject: null,
  };
  try {
    await members.create(member);
  } catch (error) {
    if (!(error instanceof MemberExistsError)) throw error;
    await members.keepLink(link);
    throw taken(name);
  }
  return { link, member };
}

function taken(name: string): ConsoleProblem {
  return new ConsoleProblem('MemberExists', `A member has the name ${name} already: choose another one.`);
}
