import type { FastifyInstance } from 'fastify';
import { mayGrant } from '../../auth/console/rights.js';
import { Turns } from '../../auth/console/turns.js';
import { MemberPatch } from '../../schema/console/session.js';
import type { Member } from '../../schema/member.js';
import type { MemberChange, MemberStore, StoredMember } from '../../store/members.js';
import { signedIn } from './guard.js';
import { publicMember } from './open-session.js';
import { ConsoleProblem } from './problem.js';
import { read } from './read.js';
import type { ConsoleService } from './service.js';
import { tell } from './tell.js';

/** Most changes that wait for each other. */
const MOST_WAITING = 100;

/** Who works in the console, for admins. */
export function members(app: FastifyInstance, console: ConsoleService): void {
  /** Two admins who take each other's role away at the same time are looked at one after the other. */
  const turns = new Turns(1, MOST_WAITING);

  app.get('/members', { config: { access: 'admin' } }, async (request): Promise<Member[]> => {
    const { member } = signedIn(request);
    const listed = await console.records.members.list();
    return listed.filter(({ projects }) => mayGrant(member, projects)).map(publicMember);
  });

  app.patch<{ Params: { name: string } }>('/members/:name', { config: { access: 'admin' } }, async (request) => {
    const patch = changeOf(read(MemberPatch, request.body));
    const { member: asker } = signedIn(request);
    const before = await findManaged(console, asker, request.params.name);
    if (patch.projects !== undefined && !mayGrant(asker, patch.projects))
      throw new ConsoleProblem('Forbidden', 'Expected projects that you have rights on yourself.');
    await turns.take(() => change(console.records.members, before.name, patch));
    if (patch.isDisabled === true) await console.records.members.closeSessionsOf(before.name);
    await tell(console, request, {
      kind: 'member-changed',
      actor: asker.name,
      detail: {
        name: before.name,
        ...(patch.role === undefined ? {} : { role: patch.role }),
        ...(patch.projects === undefined ? {} : { projects: patch.projects?.join(' ') ?? null }),
        ...(patch.isDisabled === undefined ? {} : { isDisabled: patch.isDisabled }),
      },
    });
    return publicMember({ ...before, ...patch });
  });
}

/**
 * A member whom an admin may change: one with rights on no project that the admin has none on.
 * @throws {ConsoleProblem} NotFound
 */
export async function findManaged({ records }: ConsoleService, asker: Member, name: string): Promise<StoredMember> {
  const found = await records.members.find(name);
  if (found === null || !mayGrant(asker, found.projects))
    throw new ConsoleProblem('NotFound', 'There is no such member.');
  return found;
}

/** Without what is absent. */
function changeOf({
  role,
  projects,
  isDisabled,
}: MemberPatch): Partial<Pick<Member, 'role' | 'projects' | 'isDisabled'>> {
  return {
    ...(role === undefined ? {} : { role }),
    ...(projects === undefined ? {} : { projects }),
    ...(isDisabled === undefined ? {} : { isDisabled }),
  };
}

/** Changes a member, and takes it back when nobody could manage their projects any more: another process may have changed another one meanwhile. */
async function change(members: MemberStore, name: string, patch: MemberChange): Promise<void> {
  const before = await members.find(name);
  if (before === null) throw new ConsoleProblem('NotFound', 'There is no such member.');
  await members.change(name, patch);
  if (!isAdmin(before)) return;
  const isManaged = (await members.list()).some((member) => isAdmin(member) && mayGrant(member, before.projects));
  if (isManaged) return;
  const { role, projects, isDisabled } = before;
  await members.change(name, { role, projects, isDisabled });
  throw new ConsoleProblem('LastAdmin', 'Nobody could manage members any more: make another member an admin first.');
}

function isAdmin({ role, isDisabled }: Member): boolean {
  return role === 'admin' && !isDisabled;
}
