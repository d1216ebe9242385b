import type { TaskRequest } from '../../src/schema/task.js';
import type { Db } from '../../src/store/sql/tables.js';
import { rowsOf } from '../../src/store/sql/tasks.js';

/** When the first task starts; the others follow one second after the other. */
export const FIRST_START_MS = Date.UTC(2026, 0, 1);

/** Tasks that go into one statement: SQLite takes 32,766 values. */
const BATCH = 250;

/**
 * Puts so many tasks like `base` there at once, with tags that all of them have, every other one, every tenth and every thousandth;
 * one in fifty runs, one in ten has failed, and one in eight is about an image.
 */
export async function fillStore(db: Db, base: TaskRequest, count: number): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    for (let first = 0; first < count; first += BATCH) {
      const size = Math.min(BATCH, count - first);
      const rows = Array.from({ length: size }, (_, index) => rowsOfTask(base, first + index));
      await transaction
        .insertInto('tasks')
        .values(rows.map(({ task }) => task))
        .execute();
      await transaction
        .insertInto('task_tags')
        .values(rows.flatMap(({ tags }) => tags))
        .execute();
    }
  });
}

function rowsOfTask(base: TaskRequest, n: number): ReturnType<typeof rowsOf> {
  const taskType = n % 8 === 3 ? 'ImageModeration' : 'VideoModeration';
  const tags = { all: 'yes', half: `${n % 2}`, tenth: `${n % 10}`, rare: `${n % 1000}` };
  // In no order of time, as task ids are.
  const taskId = `${taskType}-${((n * 7919) % 1_048_573).toString(16).padStart(5, '0')}`;
  const startMs = FIRST_START_MS + n * 1000;
  const rows = rowsOf({ ...base, taskId, taskType, tags }, new Date(startMs).toISOString());
  if (n % 50 === 49) return rows;
  const endMs = startMs + 5000 + ((n * 7919) % 60_000);
  const end = { status: n % 10 === 0 ? 'Failed' : 'Succeeded', ended_ms: endMs } as const;
  return {
    task: { ...rows.task, ...end, end_time: new Date(endMs).toISOString() },
    tags: rows.tags.map((tag) => ({ ...tag, ...end })),
  };
}
