import { ROLES, type Member, type Role } from '../../schema/member.js';

/** Whether a role includes another one. */
export function includesRole(role: Role, needed: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(needed);
}

/** Whether a member has rights on a project. */
export function mayEnter({ projects }: Pick<Member, 'projects'>, project: string): boolean {
  return projects === null || projects.includes(project);
}

/** Whether a member has rights on all of these projects, `null` being every one: nobody hands out more than they have. */
export function mayGrant({ projects }: Pick<Member, 'projects'>, granted: readonly string[] | null): boolean {
  return projects === null || (granted !== null && granted.every((project) => projects.includes(project)));
}
