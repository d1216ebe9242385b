import type { Insertable, Selectable } from 'kysely';
import type { SamplePlan } from '../../schema/plan.js';
import type { TaskRequest } from '../../schema/task.js';
import type { Probed } from '../../schema/probed.js';
import type { RecordStore, TaskRecord } from '../records.js';
import type { Db, TaskTable, TaskTagTable } from './tables.js';
import { tagDigest } from './tags.js';
import { inTask, millisecondsOf, storableText } from './transaction.js';

/** What a {@link TaskRecord} is made of. */
export const TASK_COLUMNS = [
  'request',
  'status',
  'code',
  'message',
  'start_time',
  'end_time',
  'probed',
  'plan',
] as const;

/** What requests lack that were made before they had it. */
const BEFORE_TAGS = { taskType: 'VideoModeration', tags: {}, definition: null } satisfies Partial<TaskRequest>;

/** A task from its row. */
export function toRecord(row: Pick<Selectable<TaskTable>, (typeof TASK_COLUMNS)[number]>): TaskRecord {
  return {
    request: { ...BEFORE_TAGS, ...(JSON.parse(row.request) as TaskRequest) },
    status: row.status,
    code: row.code,
    message: row.message,
    startTime: row.start_time,
    endTime: row.end_time,
    probed: row.probed === null ? null : (JSON.parse(row.probed) as Probed),
    plan: row.plan === null ? null : (JSON.parse(row.plan) as SamplePlan),
  };
}

/**
 * The rows of a task that begins.
 * @throws {InvalidInstantError}
 */
export function rowsOf(
  given: TaskRequest,
  startTime: string,
): { task: Insertable<TaskTable>; tags: Insertable<TaskTagTable>[] } {
  const request = { ...BEFORE_TAGS, ...given };
  const listed = {
    task_id: request.taskId,
    task_type: request.taskType,
    status: 'Running',
    started_ms: millisecondsOf(startTime),
    ended_ms: null,
  } as const;
  const task = {
    ...listed,
    project: request.projectName,
    request: JSON.stringify(request),
    code: '',
    message: '',
    start_time: startTime,
    end_time: null,
    probed: null,
    plan: null,
  };
  const tags = Object.entries(request.tags).map(([name, value]) => ({
    ...listed,
    tag: tagDigest(request.projectName, name, value),
  }));
  return { task, tags };
}

/** The part of the record store that keeps tasks. */
export function taskRecords(
  db: Db,
): Pick<RecordStore, 'createTask' | 'recordPlan' | 'endTask' | 'findTask' | 'listTasks'> {
  return {
    async createTask(request, startTime) {
      const { task, tags } = rowsOf(request, startTime);
      await db.transaction().execute(async (transaction) => {
        const { numInsertedOrUpdatedRows } = await transaction
          .insertInto('tasks')
          .values(task)
          .onConflict((conflict) => conflict.column('task_id').doNothing())
          .executeTakeFirst();
        if (numInsertedOrUpdatedRows !== 1n) return;
        for (const tag of tags) await transaction.insertInto('task_tags').values(tag).execute();
      });
    },

    async recordPlan(taskId, probed, plan) {
      await inTask(db, taskId, async (transaction) => {
        await transaction
          .updateTable('tasks')
          .set({ probed: JSON.stringify(probed), plan: JSON.stringify(plan) })
          .where('task_id', '=', taskId)
          .execute();
      });
    },

    async endTask(taskId, { status, code, message, endTime }) {
      const endedMs = millisecondsOf(endTime);
      await inTask(db, taskId, async (transaction) => {
        await transaction
          .updateTable('tasks')
          .set({ status, code, message: storableText(message), end_time: endTime, ended_ms: endedMs })
          .where('task_id', '=', taskId)
          .where('end_time', 'is', null)
          .execute();
        await transaction
          .updateTable('task_tags')
          .set({ status, ended_ms: endedMs })
          .where('task_id', '=', taskId)
          .where('ended_ms', 'is', null)
          .execute();
      });
    },

    async findTask(taskId) {
      const row = await db.selectFrom('tasks').select(TASK_COLUMNS).where('task_id', '=', taskId).executeTakeFirst();
      return row === undefined ? null : toRecord(row);
    },

    async listTasks({ status, limit }) {
      let newest = db.selectFrom('tasks').select('task_id').orderBy('started_ms', 'desc').orderBy('task_id', 'desc');
      if (status !== undefined) newest = newest.where('status', '=', status);
      const rows = await db
        .selectFrom('tasks')
        .select(TASK_COLUMNS)
        // Told from an index alone, where one has the order and where none has.
        .where('task_id', 'in', newest.limit(limit))
        .orderBy('started_ms', 'desc')
        .orderBy('task_id', 'desc')
        .execute();
      return rows.map(toRecord);
    },
  };
}
