import type { Insertable, Selectable, Updateable } from 'kysely';
import { type Member, MemberSettings } from '../../schema/member.js';
import type { MemberChange, StoredMember } from '../members.js';
import type { MemberTable } from './console-tables.js';

const listOf = (projects: string[] | null) => (projects === null ? null : JSON.stringify(projects));

/** The row of a member. */
export function rowOf(member: StoredMember): Insertable<MemberTable> {
  return {
    name: member.name,
    role: member.role,
    projects: listOf(member.projects),
    settings: JSON.stringify(member.settings),
    password_hash: member.passwordHash,
    subject: member.subject,
    created_at: member.createdAt,
    is_disabled: member.isDisabled ? 1 : 0,
  };
}

/** What a change sets. */
export function changedColumns(change: MemberChange): Updateable<MemberTable> {
  const { role, projects, settings, passwordHash, subject, isDisabled } = change;
  return {
    ...(role !== undefined && { role }),
    ...(projects !== undefined && { projects: listOf(projects) }),
    ...(settings !== undefined && { settings: JSON.stringify(settings) }),
    ...(passwordHash !== undefined && { password_hash: passwordHash }),
    ...(subject !== undefined && { subject }),
    ...(isDisabled !== undefined && { is_disabled: isDisabled ? 1 : 0 }),
  };
}

/** A member from their row, without what signing in takes. */
export function toMember(row: Selectable<MemberTable>): Member {
  return {
    name: row.name,
    role: row.role,
    projects: row.projects === null ? null : (JSON.parse(row.projects) as string[]),
    // Those that were kept before there was a setting have its default.
    settings: MemberSettings.parse(JSON.parse(row.settings)),
    hasPassword: row.password_hash !== null,
    createdAt: row.created_at,
    isDisabled: row.is_disabled === 1,
  };
}

/** A member from their row. */
export function toStored(row: Selectable<MemberTable>): StoredMember {
  return { ...toMember(row), passwordHash: row.password_hash, subject: row.subject };
}
