import { TASK_TYPES } from '../schema/task.js';
import type { RecordStore, TaskRecord } from '../store/records.js';
import { UsageError } from './usage-error.js';

/** Tasks looked through for one whose id begins as given. */
const SEARCHED = 10_000;

/**
 * The task with this id, or the only one whose id (with or without its `VideoModeration-` or `ImageModeration-`) begins like this.
 * @throws {UsageError} when there is none, or more than one.
 */
export async function findTask(records: RecordStore, id: string): Promise<TaskRecord> {
  const exact = await records.findTask(id);
  if (exact !== null) return exact;
  const all = await records.listTasks({ limit: SEARCHED });
  const alike = all.filter(({ request: { taskId } }) =>
    ['', ...TASK_TYPES.map((type) => `${type}-`)].some((start) => taskId.startsWith(start + id)),
  );
  const [only, second] = alike;
  if (only === undefined)
    throw new UsageError(`Expected the id of a task, found none for ${id}: framewarden tasks lists them.`);
  if (second !== undefined)
    throw new UsageError(`Expected the id of one task, ${alike.length} begin with ${id}: give more of it.`);
  return only;
}
