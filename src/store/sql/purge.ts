import type { Checkpoint } from '../../schema/observation.js';
import type { RecordStore } from '../records.js';
import { batches } from './batches.js';
import type { Db } from './tables.js';
import { millisecondsOf } from './transaction.js';

/** Rows read at a time, and tasks removed in one transaction: so many hold up other writers for a moment only. */
const PAGE = 100;

/** The part of the record store that forgets. */
export function purgeRecords(
  db: Db,
): Pick<RecordStore, 'endedBefore' | 'removeTasks' | 'releasedDigests' | 'unreferencedAmong' | 'forgetDigests'> {
  return {
    async *endedBefore(instant) {
      const before = millisecondsOf(instant);
      let last = { task_id: '', ended_ms: Number.MIN_SAFE_INTEGER };
      for (;;) {
        const { task_id, ended_ms } = last;
        const rows = await db
          .selectFrom('tasks')
          .select(['task_id', (row) => row.ref('ended_ms').$notNull().as('ended_ms')])
          .where('ended_ms', '<', before)
          .where('ended_ms', '>=', ended_ms)
          .where((where) => where.or([where('ended_ms', '>', ended_ms), where('task_id', '>', task_id)]))
          .orderBy('ended_ms')
          .orderBy('task_id')
          .limit(PAGE)
          .execute();
        if (rows.length > 0) yield rows.map((row) => row.task_id);
        const end = rows.at(-1);
        if (end === undefined || rows.length < PAGE) return;
        last = end;
      }
    },

    async removeTasks(taskIds) {
      for (const batch of batches(taskIds, PAGE)) await db.transaction().execute((it) => removeBatch(it, batch));
    },

    async *releasedDigests() {
      let last = '';
      for (;;) {
        const rows = await db
          .selectFrom('unreferenced')
          .select('digest')
          .where('digest', '>', last)
          .orderBy('digest')
          .limit(PAGE)
          .execute();
        const page = rows.map(({ digest }) => digest);
        const named = await namedAmong(db, page);
        // Of an earlier purge: a task has come to refer to them since.
        await forget(db, [...named]);
        const released = page.filter((digest) => !named.has(digest));
        if (released.length > 0) yield released;
        const end = page.at(-1);
        if (end === undefined || page.length < PAGE) return;
        last = end;
      }
    },

    async unreferencedAmong(digests) {
      if (digests.length === 0) return [];
      const reached = await namedInCheckpoints(db);
      const named = await namedAmong(db, digests);
      return digests.filter((digest) => !reached.has(digest) && !named.has(digest));
    },

    forgetDigests: (digests) => forget(db, digests),
  };
}

async function removeBatch(transaction: Db, taskIds: string[]): Promise<void> {
  const released = new Set<string>();
  // Writes first, see inTask.
  for (const table of ['observations', 'evidence'] as const) {
    const rows = await transaction.deleteFrom(table).where('task_id', 'in', taskIds).returning('digest').execute();
    for (const { digest } of rows) released.add(digest);
  }
  await transaction.deleteFrom('tasks').where('task_id', 'in', taskIds).execute();
  // Sorted, so that two purges at the same time wait for each other and not crosswise.
  for (const batch of batches([...released].sort())) {
    await transaction
      .insertInto('unreferenced')
      .values(batch.map((digest) => ({ digest })))
      .onConflict((conflict) => conflict.column('digest').doNothing())
      .execute();
  }
}

async function forget(db: Db, digests: readonly string[]): Promise<void> {
  for (const batch of batches(digests)) await db.deleteFrom('unreferenced').where('digest', 'in', batch).execute();
}

/** Those of these digests that observations or evidence of a task name. */
async function namedAmong(db: Db, digests: readonly string[]): Promise<Set<string>> {
  const named = new Set<string>();
  for (const batch of batches(digests)) {
    for (const table of ['observations', 'evidence'] as const) {
      const rows = await db.selectFrom(table).select('digest').where('digest', 'in', batch).execute();
      for (const { digest } of rows) named.add(digest);
    }
  }
  return named;
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
