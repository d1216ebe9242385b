import { randomUUID } from 'node:crypto';
import type { MemberStore } from '../members.js';
import type { Db } from './tables.js';
import { millisecondsOf, storableText } from './transaction.js';

/** The part of the members that adds up: sign-ins that failed, and time with severe material. */
export function memberSums(
  db: Db,
): Pick<MemberStore, 'countFailure' | 'failuresSince' | 'forgetFailures' | 'addExposure' | 'exposureSince'> {
  const failuresSince = async (keys: readonly string[], since: string): Promise<number> => {
    if (keys.length === 0) return 0;
    const { count } = await db
      .selectFrom('sign_in_failures')
      .select(({ fn }) => fn.count<number>('failure_id').distinct().as('count'))
      .where('key', 'in', keys.map(storableText))
      .where('at_ms', '>=', millisecondsOf(since))
      .executeTakeFirstOrThrow();
    return count;
  };
  const exposureSince = async (name: string, since: string): Promise<number> => {
    const { seconds } = await db
      .selectFrom('exposures')
      .select(({ fn }) => fn.sum<number | null>('seconds').as('seconds'))
      .where('name', '=', name)
      .where('at_ms', '>=', millisecondsOf(since))
      .executeTakeFirstOrThrow();
    return seconds ?? 0;
  };
  return {
    async countFailure(keys, at, since) {
      const failure = { failure_id: randomUUID(), at_ms: millisecondsOf(at) };
      const rows = [...new Set(keys.map(storableText))].map((key) => ({ ...failure, key }));
      if (rows.length > 0) await db.insertInto('sign_in_failures').values(rows).execute();
      return await failuresSince(keys, since);
    },

    failuresSince,

    async forgetFailures(keys) {
      if (keys.length > 0) await db.deleteFrom('sign_in_failures').where('key', 'in', keys.map(storableText)).execute();
    },

    async addExposure({ name, at, seconds, since }) {
      await db
        .insertInto('exposures')
        .values({ name, at_ms: millisecondsOf(at), seconds })
        .onConflict((conflict) => conflict.columns(['name', 'at_ms']).doNothing())
        .execute();
      return await exposureSince(name, since);
    },

    exposureSince,
  };
}
