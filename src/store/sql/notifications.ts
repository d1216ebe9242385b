import type { Kysely, Selectable } from 'kysely';
import { type Destination, destinationId } from '../../schema/notification.js';
import type { ListedNotification, NotificationStore } from '../notifications.js';
import type { Db, NotificationTable, TextType } from './tables.js';
import { millisecondsOf, storableText } from './transaction.js';

/** What is delivered, and was. */
export async function createNotifications({ schema }: Kysely<unknown>, text: TextType): Promise<void> {
  await schema
    .createTable('notifications')
    .addColumn('id', text, (column) => column.primaryKey().notNull())
    .addColumn('task_id', text, (column) => column.notNull())
    .addColumn('revision', 'integer', (column) => column.notNull())
    .addColumn('destination', text, (column) => column.notNull())
    .addColumn('target', text, (column) => column.notNull())
    .addColumn('content_type', text, (column) => column.notNull())
    .addColumn('body', text, (column) => column.notNull())
    .addColumn('created_at', text, (column) => column.notNull())
    .addColumn('created_ms', 'bigint', (column) => column.notNull())
    .addColumn('state', text, (column) => column.notNull())
    .addColumn('attempts', 'integer', (column) => column.notNull())
    .addColumn('last_error', text)
    .addColumn('first_attempt_at', text)
    .addColumn('last_attempt_at', text)
    .addUniqueConstraint('notifications_by_revision', ['task_id', 'destination', 'revision'])
    .execute();
  await schema.createIndex('notifications_by_age').on('notifications').columns(['created_ms', 'id']).execute();
  await schema
    .createIndex('notifications_by_state')
    .on('notifications')
    .columns(['state', 'created_ms', 'id'])
    .execute();
}

const LISTED_COLUMNS = [
  'id',
  'task_id',
  'revision',
  'target',
  'content_type',
  'created_at',
  'state',
  'attempts',
  'last_error',
  'first_attempt_at',
  'last_attempt_at',
] as const satisfies (keyof NotificationTable)[];

function toListed(row: Pick<Selectable<NotificationTable>, (typeof LISTED_COLUMNS)[number]>): ListedNotification {
  return {
    id: row.id,
    taskId: row.task_id,
    destination: JSON.parse(row.target) as Destination,
    revision: row.revision,
    contentType: row.content_type,
    createdAt: row.created_at,
    state: row.state,
    attempts: row.attempts,
    lastError: row.last_error,
    firstAttemptAt: row.first_attempt_at,
    lastAttemptAt: row.last_attempt_at,
  };
}

/** Messages on a database that has the newest schema. */
export function notificationStore(db: Db): NotificationStore {
  return {
    async keep({ id, taskId, destination, revision, contentType, body, createdAt }) {
      await db
        .insertInto('notifications')
        .values({
          id,
          task_id: taskId,
          revision,
          destination: destinationId(destination),
          target: JSON.stringify(destination),
          content_type: contentType,
          body,
          created_at: createdAt,
          created_ms: millisecondsOf(createdAt),
          state: 'pending',
          attempts: 0,
          last_error: null,
          first_attempt_at: null,
          last_attempt_at: null,
        })
        .onConflict((conflict) => conflict.column('id').doNothing())
        .execute();
    },

    async find(id) {
      const row = await db.selectFrom('notifications').selectAll().where('id', '=', id).executeTakeFirst();
      return row === undefined ? null : { ...toListed(row), body: row.body };
    },

    async attempted(id, { at, state, error }) {
      await db
        .updateTable('notifications')
        .set((row) => ({
          state,
          attempts: row('attempts', '+', 1),
          last_error: error === null ? row.ref('last_error') : storableText(error),
          first_attempt_at: row.fn.coalesce('first_attempt_at', row.val(at)),
          last_attempt_at: at,
        }))
        .where('id', '=', id)
        .where('state', '<>', 'delivered')
        .execute();
    },

    async renew(id) {
      const { numUpdatedRows } = await db
        .updateTable('notifications')
        .set({ state: 'pending', attempts: 0, first_attempt_at: null })
        .where('id', '=', id)
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },

    async list({ state, beginning, limit }) {
      let query = db.selectFrom('notifications').select(LISTED_COLUMNS);
      if (state !== undefined) query = query.where('state', '=', state);
      // The sign after every one that an id may begin with.
      if (beginning !== undefined) query = query.where('id', '>=', beginning).where('id', '<', `${beginning}\u{7f}`);
      const rows = await query.orderBy('created_ms', 'desc').orderBy('id', 'desc').limit(limit).execute();
      return rows.map(toListed);
    },

    async purgeBefore(instant) {
      await db.deleteFrom('notifications').where('created_ms', '<', millisecondsOf(instant)).execute();
    },
  };
}
