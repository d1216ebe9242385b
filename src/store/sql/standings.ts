import { TASK_TYPES } from '../../schema/task.js';
import type { RecordStore } from '../records.js';
import type { Db } from './tables.js';

/** The part of the record store that tells how many tasks stand, without reading what their verdicts say. */
export function standingRecords(db: Db): Pick<RecordStore, 'standings'> {
  return {
    async standings(project, limit) {
      const rows = await db
        .selectFrom('tasks')
        .innerJoin('verdicts', 'verdicts.task_id', 'tasks.task_id')
        .leftJoin('review_queue', 'review_queue.task_id', 'tasks.task_id')
        .select(['tasks.task_id', 'revision', 'origin', 'suggestion', 'kind', 'step', 'readers'])
        .where('tasks.project', '=', project)
        .where('tasks.task_type', 'in', TASK_TYPES)
        .where('status', '=', 'Succeeded')
        .where('revision', '=', (from) =>
          from
            .selectFrom('verdicts as later')
            .select(({ fn }) => fn.max('later.revision').as('latest'))
            .whereRef('later.task_id', '=', 'tasks.task_id'),
        )
        .orderBy('started_ms', 'desc')
        .orderBy('tasks.task_id', 'desc')
        .limit(limit)
        .execute();
      return rows.map(({ task_id: taskId, revision, origin, suggestion, kind, step, readers }) => {
        const isWaiting = kind !== null && kind !== 'quality';
        const isBegun = step === 'held' || (JSON.parse(readers ?? '[]') as string[]).length > 0;
        const isLeftToPeople = isWaiting && (kind === 'appeal' || isBegun);
        return { taskId, revision, origin, suggestion, isLeftToPeople };
      });
    },
  };
}
