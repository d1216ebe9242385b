import type { Checkpoint } from '../../schema/observation.js';
import type { RecordStore } from '../records.js';
import type { Db } from './tables.js';
import { millisecondsOf } from './transaction.js';

/** Digests given to one statement: SQLite admits 32,766 parameters, Postgres 65,535. */
const BATCH = 10_000;

function* batches(digests: readonly string[]): Generator<string[]> {
  for (let start = 0; start < digests.length; start += BATCH) yield digests.slice(start, start + BATCH);
}

/** The part of the record store that forgets. */
export function purgeRecords(db: Db): Pick<RecordStore, 'purgeEndedBefore' | 'unreferencedAmong' | 'forgetDigests'> {
  return {
    async purgeEndedBefore(instant, except = []) {
      const before = millisecondsOf(instant);
      return await db.transaction().execute(async (transaction) => {
        let ended = transaction.selectFrom('tasks').select('task_id').where('ended_ms', '<', before);
        // Postgres takes no empty list.
        if (except.length > 0) ended = ended.where('task_id', 'not in', except);
        // Writes first, see inTask.
        const observations = await transaction
          .deleteFrom('observations')
          .where('task_id', 'in', ended)
          .returning('digest')
          .execute();
        const evidence = await transaction
          .deleteFrom('evidence')
          .where('task_id', 'in', ended)
          .returning('digest')
          .execute();
        await transaction.deleteFrom('tasks').where('task_id', 'in', ended).execute();
        // A review that ended late is told of late: what it tells is kept as long from then on.
        await transaction.deleteFrom('notifications').where('created_ms', '<', before).execute();

        // Sorted, so that two purges at the same time wait for each other and not crosswise.
        const released = [...new Set([...observations, ...evidence].map(({ digest }) => digest))].sort();
        for (const batch of batches(released)) {
          await transaction
            .insertInto('unreferenced')
            .values(batch.map((digest) => ({ digest })))
            .onConflict((conflict) => conflict.column('digest').doNothing())
            .execute();
        }
        // Also those of an earlier purge that a task has come to refer to since.
        await transaction
          .deleteFrom('unreferenced')
          .where((where) =>
            where.or([
              where('digest', 'in', where.selectFrom('observations').select('digest')),
              where('digest', 'in', where.selectFrom('evidence').select('digest')),
            ]),
          )
          .execute();
        const rows = await transaction.selectFrom('unreferenced').select('digest').orderBy('digest').execute();
        return rows.map(({ digest }) => digest);
      });
    },

    async unreferencedAmong(digests) {
      if (digests.length === 0) return [];
      const named = await namedInCheckpoints(db);
      const unreferenced: string[] = [];
      for (const batch of batches(digests)) {
        for (const table of ['observations', 'evidence'] as const) {
          const rows = await db.selectFrom(table).select('digest').where('digest', 'in', batch).execute();
          for (const { digest } of rows) named.add(digest);
        }
        unreferenced.push(...batch.filter((digest) => !named.has(digest)));
      }
      return unreferenced;
    },

    async forgetDigests(digests) {
      for (const batch of batches(digests)) {
        await db.deleteFrom('unreferenced').where('digest', 'in', batch).execute();
      }
    },
  };
}

/** Digests that running tasks have stored and not recorded yet: a task may take longer than blobs are kept unnamed. */
async function namedInCheckpoints(db: Db): Promise<Set<string>> {
  const rows = await db
    .selectFrom('checkpoints')
    .innerJoin('tasks', 'tasks.task_id', 'checkpoints.task_id')
    .select('checkpoint')
    .where('tasks.status', '=', 'Running')
    .execute();
  const checkpoints = rows.map(({ checkpoint }) => JSON.parse(checkpoint) as Checkpoint);
  return new Set(checkpoints.flatMap(({ chunks }) => chunks.map(({ digest }) => digest)));
}
