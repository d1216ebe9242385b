import { MemberExistsError, type MemberStore } from '../members.js';
import { memberLinks } from './member-links.js';
import { changedColumns, rowOf, toMember, toStored } from './member-rows.js';
import { memberSessions } from './member-sessions.js';
import { memberSums } from './member-sums.js';
import type { Db } from './tables.js';
import { millisecondsOf } from './transaction.js';

/** Members on a database that has the newest schema. */
export function memberStore(db: Db): MemberStore {
  const member = async (column: 'name' | 'subject', value: string) => {
    const row = await db.selectFrom('members').selectAll().where(column, '=', value).executeTakeFirst();
    return row === undefined ? null : toStored(row);
  };
  return {
    ...memberSessions(db),
    ...memberLinks(db),
    ...memberSums(db),

    async create(stored) {
      const { numInsertedOrUpdatedRows } = await db
        .insertInto('members')
        .values(rowOf(stored))
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirst();
      if (numInsertedOrUpdatedRows !== 1n) throw new MemberExistsError(stored.name);
    },

    find: (name) => member('name', name),
    findBySubject: (subject) => member('subject', subject),

    async list() {
      return (await db.selectFrom('members').selectAll().orderBy('name').execute()).map(toMember);
    },

    async change(name, change) {
      const columns = changedColumns(change);
      if (Object.keys(columns).length === 0) return (await member('name', name)) !== null;
      const { numUpdatedRows } = await db
        .updateTable('members')
        .set(columns)
        .where('name', '=', name)
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },

    async hasAdmin() {
      const row = await db
        .selectFrom('members')
        .select('name')
        .where('role', '=', 'admin')
        .where('is_disabled', '=', 0)
        .where((where) => where.or([where('password_hash', 'is not', null), where('subject', 'is not', null)]))
        .limit(1)
        .executeTakeFirst();
      return row !== undefined;
    },

    async purgeBefore(instant) {
      const before = millisecondsOf(instant);
      for (const table of ['member_sessions', 'member_links'] as const)
        await db.deleteFrom(table).where('expires_ms', '<', before).execute();
      for (const table of ['sign_in_failures', 'exposures'] as const)
        await db.deleteFrom(table).where('at_ms', '<', before).execute();
    },
  };
}
