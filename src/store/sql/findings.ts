import type { EvidenceItem } from '../../schema/evidence.js';
import type { Checkpoint } from '../../schema/observation.js';
import type { RecordStore } from '../records.js';
import type { Db } from './tables.js';
import { inTask } from './transaction.js';

/** The part of the record store that keeps what was found in a video: observations, the attempts that made them, evidence. */
export function findingRecords(
  db: Db,
): Pick<
  RecordStore,
  | 'recordObservations'
  | 'observationChunks'
  | 'recordAttempt'
  | 'attempts'
  | 'checkpoint'
  | 'recordEvidence'
  | 'evidence'
> {
  return {
    async recordObservations(taskId, segment, chunks) {
      await inTask(db, taskId, async (transaction) => {
        for (const { from, to, digest } of chunks) {
          if (to > from) await removeOverlapping(transaction, taskId, { from, to });
          await transaction
            .insertInto('observations')
            .values({ task_id: taskId, segment, from_sample: from, to_sample: to, digest })
            .onConflict((conflict) =>
              conflict.columns(['task_id', 'segment', 'from_sample', 'to_sample']).doUpdateSet({ digest }),
            )
            .execute();
        }
      });
    },

    async observationChunks(taskId) {
      return await db
        .selectFrom('observations')
        .select(['from_sample as from', 'to_sample as to', 'digest'])
        .where('task_id', '=', taskId)
        .orderBy('from_sample')
        .orderBy('to_sample')
        .orderBy('segment')
        .execute();
    },

    async recordAttempt({ taskId, segment, attempt, from, to }, reached) {
      await inTask(db, taskId, async (transaction) => {
        await transaction
          .insertInto('attempts')
          .values({ task_id: taskId, segment, attempt, from_sample: from, to_sample: to })
          .onConflict((conflict) =>
            conflict.columns(['task_id', 'segment', 'attempt']).doUpdateSet({ from_sample: from, to_sample: to }),
          )
          .execute();
        const checkpoint = JSON.stringify(reached);
        await transaction
          .insertInto('checkpoints')
          .values({ task_id: taskId, segment, checkpoint })
          .onConflict((conflict) => conflict.columns(['task_id', 'segment']).doUpdateSet({ checkpoint }))
          .execute();
      });
    },

    async attempts(taskId) {
      return await db
        .selectFrom('attempts')
        .select(['task_id as taskId', 'segment', 'attempt', 'from_sample as from', 'to_sample as to'])
        .where('task_id', '=', taskId)
        .orderBy('segment')
        .orderBy('attempt')
        .execute();
    },

    async checkpoint(taskId, segment) {
      const row = await db
        .selectFrom('checkpoints')
        .select('checkpoint')
        .where('task_id', '=', taskId)
        .where('segment', '=', segment)
        .executeTakeFirst();
      return row === undefined ? null : (JSON.parse(row.checkpoint) as Checkpoint);
    },

    async recordEvidence(taskId, items) {
      await inTask(db, taskId, async (transaction) => {
        await transaction.deleteFrom('evidence').where('task_id', '=', taskId).execute();
        for (const [position, item] of items.entries()) {
          await transaction
            .insertInto('evidence')
            .values({ task_id: taskId, position, digest: item.digest, item: JSON.stringify(item) })
            .execute();
        }
      });
    },

    async evidence(taskId) {
      const rows = await db
        .selectFrom('evidence')
        .select('item')
        .where('task_id', '=', taskId)
        .orderBy('position')
        .execute();
      return rows.map(({ item }) => JSON.parse(item) as EvidenceItem);
    },
  };
}

/**
 * Removes the chunks that share samples with the range, and those of no samples that stand behind one of its samples: they were said of what is now told anew.
 * What stands at its first sample was said of the segment before it.
 */
async function removeOverlapping(db: Db, taskId: string, { from, to }: { from: number; to: number }): Promise<void> {
  await db
    .deleteFrom('observations')
    .where('task_id', '=', taskId)
    .where('to_sample', '>', from)
    .where((where) => where.or([where('from_sample', '<', to), where('to_sample', '=', to)]))
    .execute();
}
