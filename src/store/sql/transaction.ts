import { InvalidInstantError, TaskNotFoundError } from '../records.js';
import type { Db } from './tables.js';

/**
 * Runs `write` in one transaction that holds the task against other writers.
 * The first statement is an update of the task's own row: that is a row lock on Postgres and the write lock on SQLite,
 * where a transaction that begins by reading could not become a writing one when another process wrote meanwhile.
 * @throws {TaskNotFoundError}
 */
export async function inTask<T>(db: Db, taskId: string, write: (transaction: Db) => Promise<T>): Promise<T> {
  return await db.transaction().execute(async (transaction) => {
    const { numUpdatedRows } = await transaction
      .updateTable('tasks')
      .set((task) => ({ status: task.ref('status') }))
      .where('task_id', '=', taskId)
      .executeTakeFirst();
    if (numUpdatedRows === 0n) throw new TaskNotFoundError(taskId);
    return await write(transaction);
  });
}

/**
 * Milliseconds since 1970 of an ISO 8601 instant.
 * @throws {InvalidInstantError}
 */
export function millisecondsOf(instant: string): number {
  const ms = Date.parse(instant);
  if (Number.isNaN(ms)) throw new InvalidInstantError(instant);
  return ms;
}

/** A text as every engine keeps it: Postgres refuses the sign U+0000, SQLite's driver reads a text up to it only, and half of a surrogate pair is no text in UTF-8. */
export function storableText(text: string): string {
  return text.replaceAll(/\0|\p{Surrogate}/gu, '\uFFFD');
}
