import type { Selectable } from 'kysely';
import type { MemberLink, MemberStore } from '../members.js';
import type { MemberLinkTable } from './console-tables.js';
import type { Db } from './tables.js';
import { millisecondsOf } from './transaction.js';

/** The part of the members that keeps one-time links. */
export function memberLinks(db: Db): Pick<MemberStore, 'keepLink' | 'findLink' | 'takeLink'> {
  return {
    async keepLink({ digest, purpose, name, role, projects, expiresAt }) {
      await db.transaction().execute(async (transaction) => {
        const { numInsertedOrUpdatedRows } = await transaction
          .insertInto('member_links')
          .values({
            digest,
            purpose,
            name,
            role,
            projects: projects === null ? null : JSON.stringify(projects),
            expires_at: expiresAt,
            expires_ms: millisecondsOf(expiresAt),
            is_used: 0,
          })
          .onConflict((conflict) => conflict.column('digest').doNothing())
          .executeTakeFirst();
        // Whom a link is for that says no name is not known: only of the first admin there is one.
        if (numInsertedOrUpdatedRows !== 1n || (name === null && purpose !== 'first-admin')) return;
        await transaction
          .updateTable('member_links')
          .set({ is_used: 1 })
          .where('purpose', '=', purpose)
          .where('name', name === null ? 'is' : '=', name)
          .where('digest', '<>', digest)
          .execute();
      });
    },

    async findLink(digest, now) {
      const row = await db
        .selectFrom('member_links')
        .selectAll()
        .where('digest', '=', digest)
        .where('is_used', '=', 0)
        .where('expires_ms', '>', millisecondsOf(now))
        .executeTakeFirst();
      return row === undefined ? null : toLink(row);
    },

    async takeLink(digest, now) {
      const row = await db
        .updateTable('member_links')
        .set({ is_used: 1 })
        .where('digest', '=', digest)
        .where('is_used', '=', 0)
        .where('expires_ms', '>', millisecondsOf(now))
        .returningAll()
        .executeTakeFirst();
      return row === undefined ? null : toLink(row);
    },
  };
}

function toLink(row: Selectable<MemberLinkTable>): MemberLink {
  return {
    digest: row.digest,
    purpose: row.purpose,
    name: row.name,
    role: row.role,
    projects: row.projects === null ? null : (JSON.parse(row.projects) as string[]),
    expiresAt: row.expires_at,
  };
}
