import type { Kysely } from 'kysely';
import type { TextType } from './tables.js';

/**
 * What lists of tasks are made from. Each index holds all that a list selects and sorts by: a type and a status of a project or of a tag are one range of it
 * in the order wanted, and what else is asked is told from the index alone.
 */
export async function addProjectsAndTags({ schema }: Kysely<unknown>, text: TextType): Promise<void> {
  await schema
    .alterTable('tasks')
    .addColumn('project', text, (column) => column.notNull().defaultTo('default'))
    .execute();
  await schema
    .alterTable('tasks')
    .addColumn('task_type', text, (column) => column.notNull().defaultTo('VideoModeration'))
    .execute();
  await schema
    .createTable('task_tags')
    .addColumn('task_id', text, (column) => column.notNull().references('tasks.task_id').onDelete('cascade'))
    .addColumn('tag', text, (column) => column.notNull())
    .addColumn('task_type', text, (column) => column.notNull())
    .addColumn('status', text, (column) => column.notNull())
    .addColumn('started_ms', 'bigint', (column) => column.notNull())
    .addColumn('ended_ms', 'bigint')
    .addPrimaryKeyConstraint('task_tags_pk', ['task_id', 'tag'])
    .execute();
  for (const [table, first] of [
    ['tasks', 'project'],
    ['task_tags', 'tag'],
  ] as const) {
    const index = (name: string, columns: string[]) =>
      schema
        .createIndex(`${table}_listed_by_${name}`)
        .on(table)
        .columns([first, 'task_type', 'status', ...columns])
        .execute();
    await index('id', ['task_id', 'started_ms', 'ended_ms']);
    await index('start', ['started_ms', 'task_id', 'ended_ms']);
    await index('end', ['ended_ms', 'task_id', 'started_ms']);
  }
}
