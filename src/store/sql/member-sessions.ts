import type { MemberSession, MemberStore } from '../members.js';
import { toStored } from './member-rows.js';
import type { Db } from './tables.js';
import { millisecondsOf } from './transaction.js';

/** The part of the members that knows who is signed in. */
export function memberSessions(
  db: Db,
): Pick<MemberStore, 'openSession' | 'findSession' | 'touchSession' | 'closeSession' | 'closeSessionsOf'> {
  return {
    async openSession({ tokenDigest, member, createdAt, seenAt, expiresAt, address }) {
      await db
        .insertInto('member_sessions')
        .values({
          token_digest: tokenDigest,
          member,
          created_at: createdAt,
          seen_at: seenAt,
          expires_at: expiresAt,
          expires_ms: millisecondsOf(expiresAt),
          address,
        })
        .onConflict((conflict) => conflict.column('token_digest').doNothing())
        .execute();
    },

    async findSession(tokenDigest, now) {
      const row = await db
        .selectFrom('member_sessions')
        .innerJoin('members', 'members.name', 'member_sessions.member')
        .selectAll('members')
        .select(['token_digest', 'member_sessions.created_at as opened_at', 'seen_at', 'expires_at', 'address'])
        .where('token_digest', '=', tokenDigest)
        .where('expires_ms', '>', millisecondsOf(now))
        .where('is_disabled', '=', 0)
        .executeTakeFirst();
      if (row === undefined) return null;
      const session: MemberSession = {
        tokenDigest: row.token_digest,
        member: row.name,
        createdAt: row.opened_at,
        seenAt: row.seen_at,
        expiresAt: row.expires_at,
        address: row.address,
      };
      return { session, member: toStored(row) };
    },

    async touchSession(tokenDigest, seenAt) {
      await db
        .updateTable('member_sessions')
        .set({ seen_at: seenAt })
        .where('token_digest', '=', tokenDigest)
        .execute();
    },

    async closeSession(tokenDigest) {
      await db.deleteFrom('member_sessions').where('token_digest', '=', tokenDigest).execute();
    },

    async closeSessionsOf(name, except) {
      let sessions = db.deleteFrom('member_sessions').where('member', '=', name);
      if (except !== undefined) sessions = sessions.where('token_digest', '<>', except);
      await sessions.execute();
    },
  };
}
