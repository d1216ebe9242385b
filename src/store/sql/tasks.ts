import type { Selectable } from 'kysely';
import type { SamplePlan } from '../../schema/plan.js';
import type { TaskRequest } from '../../schema/task.js';
import type { Probed } from '../../schema/video.js';
import type { RecordStore, TaskRecord } from '../records.js';
import type { Db, TaskTable } from './tables.js';
import { inTask, millisecondsOf } from './transaction.js';

const COLUMNS = ['request', 'status', 'code', 'message', 'start_time', 'end_time', 'probed', 'plan'] as const;

function toRecord(row: Pick<Selectable<TaskTable>, (typeof COLUMNS)[number]>): TaskRecord {
  return {
    request: JSON.parse(row.request) as TaskRequest,
    status: row.status,
    code: row.code,
    message: row.message,
    startTime: row.start_time,
    endTime: row.end_time,
    probed: row.probed === null ? null : (JSON.parse(row.probed) as Probed),
    plan: row.plan === null ? null : (JSON.parse(row.plan) as SamplePlan),
  };
}

/** The part of the record store that keeps tasks. */
export function taskRecords(
  db: Db,
): Pick<RecordStore, 'createTask' | 'recordPlan' | 'endTask' | 'findTask' | 'listTasks'> {
  return {
    async createTask(request, startTime) {
      await db
        .insertInto('tasks')
        .values({
          task_id: request.taskId,
          request: JSON.stringify(request),
          status: 'Running',
          code: '',
          message: '',
          start_time: startTime,
          end_time: null,
          started_ms: millisecondsOf(startTime),
          ended_ms: null,
          probed: null,
          plan: null,
        })
        .onConflict((conflict) => conflict.column('task_id').doNothing())
        .execute();
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
          .set({ status, code, message, end_time: endTime, ended_ms: endedMs })
          .where('task_id', '=', taskId)
          .where('end_time', 'is', null)
          .execute();
      });
    },

    async findTask(taskId) {
      const row = await db.selectFrom('tasks').select(COLUMNS).where('task_id', '=', taskId).executeTakeFirst();
      return row === undefined ? null : toRecord(row);
    },

    async listTasks({ status, limit }) {
      let query = db.selectFrom('tasks').select(COLUMNS);
      if (status !== undefined) query = query.where('status', '=', status);
      const rows = await query.orderBy('started_ms', 'desc').orderBy('task_id', 'desc').limit(limit).execute();
      return rows.map(toRecord);
    },
  };
}
