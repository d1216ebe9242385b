import { sql } from 'kysely';
import type { ReviewQueue } from '../review-queue.js';
import { claimColumns, claimOf, digestMark, qualityDueAt, rowOf, subjectOf } from './queue-rows.js';
import type { Db } from './tables.js';
import { inTask, millisecondsOf, storableText } from './transaction.js';

/** The part of the queue that no workflow knows of: blind second readings. */
export function qualityEntries(
  db: Db,
  now: () => number,
): Pick<ReviewQueue, 'addQuality' | 'claimQuality' | 'holdQuality' | 'releaseQuality'> {
  return {
    async addQuality({ taskId, openedAt, readers }) {
      await inTask(db, taskId, async (transaction) => {
        const openedMs = millisecondsOf(openedAt);
        const { numInsertedOrUpdatedRows } = await transaction
          .insertInto('review_places')
          .values({ task_id: taskId, sequence: null, quality_ms: openedMs })
          .onConflict((conflict) =>
            conflict
              .column('task_id')
              .doUpdateSet({ quality_ms: openedMs })
              .where((where) =>
                where.or([
                  where('review_places.quality_ms', 'is', null),
                  where('review_places.quality_ms', '<', openedMs),
                ]),
              ),
          )
          .executeTakeFirst();
        if (numInsertedOrUpdatedRows !== 1n) return;
        const subject = await subjectOf(transaction, taskId, 'quality');
        const dueAt = qualityDueAt(subject.task, openedAt);
        const state = { step: 'waiting', level: 'reviewer', claim: null, readers, dueAt, openedAt } as const;
        await transaction
          .insertInto('review_queue')
          .values(rowOf(subject, 'quality', state))
          // It is read anew anyway.
          .onConflict((conflict) => conflict.column('task_id').doNothing())
          .execute();
      });
    },

    async claimQuality(taskId, claim) {
      const nowMs = now();
      const { claim_until, claim_until_ms, ...holder } = claimColumns(claim);
      const row = await db
        .updateTable('review_queue')
        .set((row) => {
          // Asked for again, the lease is answered as last renewed.
          const isSame = sql<boolean>`claim_id = ${holder.claim_id} and free_ms > ${nowMs}`;
          const kept = <T>(column: 'claim_until' | 'claim_until_ms' | 'free_ms', value: T) =>
            sql<T>`case when ${isSame} then ${row.ref(column)} else ${value} end`;
          return {
            ...holder,
            step: 'claimed',
            claim_until: kept('claim_until', claim_until),
            claim_until_ms: kept('claim_until_ms', claim_until_ms),
            free_ms: kept('free_ms', millisecondsOf(claim.until)),
          };
        })
        .where('task_id', '=', taskId)
        .where('kind', '=', 'quality')
        .where('reader_marks', 'not like', `% ${digestMark(claim.reviewer)} %`)
        .where((where) =>
          where.or([
            where('step', '=', 'waiting'),
            where('free_ms', '<=', nowMs),
            where.and([where('step', '=', 'claimed'), where('claimant', '=', holder.claimant)]),
          ]),
        )
        .returning(['claim_id', 'claimant', 'claim_until'])
        .executeTakeFirst();
      return row === undefined ? null : claimOf(row);
    },

    async holdQuality(taskId, claimId, until) {
      const { numUpdatedRows } = await db
        .updateTable('review_queue')
        .set({ step: 'held', free_ms: millisecondsOf(until) })
        .where('task_id', '=', taskId)
        .where('kind', '=', 'quality')
        .where('claim_id', '=', storableText(claimId))
        .where('step', '=', 'claimed')
        .where('free_ms', '>', now())
        .executeTakeFirst();
      return numUpdatedRows === 1n;
    },

    async releaseQuality(taskId, claimId, outcome) {
      if (outcome === 'read') {
        await db
          .deleteFrom('review_queue')
          .where('task_id', '=', taskId)
          .where('kind', '=', 'quality')
          .where('claim_id', '=', storableText(claimId))
          .execute();
        return;
      }
      await db
        .updateTable('review_queue')
        .set({ ...claimColumns(null), step: 'waiting', free_ms: 0 })
        .where('task_id', '=', taskId)
        .where('kind', '=', 'quality')
        .where('claim_id', '=', storableText(claimId))
        .execute();
    },
  };
}
