import type { RecordStore } from '../records.js';
import type { Db } from './tables.js';
import { TASK_COLUMNS, toRecord } from './tasks.js';
import { toRevision } from './verdicts.js';

/** The part of the record store that answers what is asked most: a task and its latest verdict, in one read. */
export function resultRecords(db: Db): Pick<RecordStore, 'findResult'> {
  return {
    async findResult(taskId) {
      const row = await db
        .selectFrom('tasks')
        .leftJoin('verdicts', 'verdicts.task_id', 'tasks.task_id')
        .select(TASK_COLUMNS)
        .select(['revision', 'origin', 'verdict', 'recorded_at', 'reviewer', 'reason', 'decision_id'])
        .where('tasks.task_id', '=', taskId)
        .orderBy('revision', 'desc')
        .limit(1)
        .executeTakeFirst();
      if (row === undefined) return null;
      const { revision, origin, verdict, recorded_at, decision_id, reviewer, reason } = row;
      const isDecided = revision !== null && origin !== null && verdict !== null && recorded_at !== null;
      return {
        task: toRecord(row),
        revision:
          isDecided && decision_id !== null
            ? toRevision({ revision, origin, verdict, recorded_at, reviewer, reason, decision_id })
            : null,
      };
    },
  };
}
