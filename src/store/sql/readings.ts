import { type Kysely, type RawBuilder, type Selectable, sql } from 'kysely';
import type { DetectorThresholds, SceneReading } from '../../schema/review.js';
import type { DayCount, Reading, ReadingCount, ReadingPair, ReadingRange, ReadingStore } from '../readings.js';
import type { ReadingTable, SceneReadingTable } from './console-tables.js';
import type { Db, TextType } from './tables.js';
import { millisecondsOf, storableText } from './transaction.js';

/** What people decided. No key refers to the task, which goes long before. */
export async function createReadings({ schema }: Kysely<unknown>, text: TextType): Promise<void> {
  await schema
    .createTable('readings')
    .addColumn('reading_id', text, (column) => column.primaryKey().notNull())
    .addColumn('task_id', text, (column) => column.notNull())
    .addColumn('project', text, (column) => column.notNull())
    .addColumn('reviewer', text, (column) => column.notNull())
    .addColumn('kind', text, (column) => column.notNull())
    .addColumn('scenes', text, (column) => column.notNull())
    .addColumn('machine', text, (column) => column.notNull())
    .addColumn('person', text, (column) => column.notNull())
    .addColumn('reason_code', text)
    .addColumn('policy_digest', text, (column) => column.notNull())
    .addColumn('read_at', text, (column) => column.notNull())
    .addColumn('read_ms', 'bigint', (column) => column.notNull())
    .addColumn('waited_ms', 'bigint', (column) => column.notNull())
    .execute();
  await schema.createIndex('readings_of_task').on('readings').columns(['task_id', 'read_ms']).execute();
  await schema.createIndex('readings_by_age').on('readings').column('read_ms').execute();
  await schema
    .createTable('scene_readings')
    .addColumn('reading_id', text, (column) => column.notNull())
    .addColumn('scene', text, (column) => column.notNull())
    .addColumn('machine', text, (column) => column.notNull())
    .addColumn('person', text, (column) => column.notNull())
    .addColumn('whole', text, (column) => column.notNull())
    .addColumn('task_id', text, (column) => column.notNull())
    .addColumn('project', text, (column) => column.notNull())
    .addColumn('reviewer', text, (column) => column.notNull())
    .addColumn('kind', text, (column) => column.notNull())
    .addColumn('policy_digest', text, (column) => column.notNull())
    .addColumn('thresholds', text, (column) => column.notNull())
    .addColumn('read_ms', 'bigint', (column) => column.notNull())
    .addColumn('day', text, (column) => column.notNull())
    .addColumn('waited_ms', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('scene_readings_pk', ['reading_id', 'scene'])
    .execute();
  await schema
    .createIndex('scene_readings_of_task')
    .on('scene_readings')
    .columns(['task_id', 'scene', 'read_ms'])
    .execute();
  await schema.createIndex('scene_readings_by_age').on('scene_readings').column('read_ms').execute();
}

/** Readings on a database that has the newest schema. */
export function readingStore(db: Db): ReadingStore {
  return {
    async keep(reading) {
      const { row, ofScenes } = rowsOf(reading);
      await db.transaction().execute(async (transaction) => {
        const { numInsertedOrUpdatedRows } = await transaction
          .insertInto('readings')
          .values(row)
          .onConflict((conflict) => conflict.column('reading_id').doNothing())
          .executeTakeFirst();
        if (numInsertedOrUpdatedRows !== 1n) return;
        await transaction.insertInto('scene_readings').values(ofScenes).execute();
      });
    },

    async counts(range) {
      const { rows } = await sql<Omit<ReadingCount, 'thresholds'> & { thresholds: string }>`
        select reviewer, ${SCENE}, kind, machine, person, policy_digest as ${sql.id('policyDigest')}, thresholds, count(*) as count,
          sum(case when ${LATEST} <> whole then 1 else 0 end) as overruled,
          cast(sum(waited_ms) as bigint) as ${sql.id('waitedMs')}
        from scene_readings as own where ${within(range)}
        group by reviewer, own.scene, kind, machine, person, policy_digest, thresholds
        order by reviewer, own.scene, kind, machine, person, policy_digest, thresholds`.execute(db);
      return rows.map((row) => ({ ...row, thresholds: JSON.parse(row.thresholds) as DetectorThresholds[] }));
    },

    async pairs(range) {
      const { rows } = await sql<Record<'scene' | 'one' | 'other' | 'ones' | 'others', string>>`
        select own.scene, earlier.reviewer as one, earlier.person as ones, own.reviewer as other, own.person as others
        from scene_readings as own join scene_readings as earlier
          on earlier.task_id = own.task_id and earlier.scene = own.scene and earlier.reviewer <> own.reviewer
            and (earlier.read_ms, earlier.reading_id) < (own.read_ms, own.reading_id)
        where ${within(range)} and own.scene <> ''
        order by own.read_ms, own.reading_id, own.scene, earlier.read_ms, earlier.reading_id`.execute(db);
      return rows.map(({ scene, one, other, ones, others }) => ({
        scene: scene as ReadingPair['scene'],
        reviewers: [one, other],
        persons: [ones, others] as ReadingPair['persons'],
      }));
    },

    async days(range) {
      const { rows } = await sql<DayCount>`
        select day, ${SCENE}, kind, machine, person, count(*) as count from scene_readings as own where ${within(range)}
        group by day, own.scene, kind, machine, person order by day, own.scene, kind, machine, person`.execute(db);
      return rows;
    },

    async ofTask(taskId) {
      const rows = await db
        .selectFrom('readings')
        .selectAll()
        .where('task_id', '=', taskId)
        .orderBy('read_ms')
        .orderBy('reading_id')
        .execute();
      return rows.map(toReading);
    },

    async purgeBefore(instant) {
      const before = millisecondsOf(instant);
      await db.transaction().execute(async (transaction) => {
        await transaction.deleteFrom('readings').where('read_ms', '<', before).execute();
        await transaction.deleteFrom('scene_readings').where('read_ms', '<', before).execute();
      });
    },
  };
}

const SCENE = sql`nullif(own.scene, '') as scene`;

/** What became of the task in the end: what its latest reading said, those for the statistics apart. */
const LATEST = sql`(
  select latest.person from readings as latest where latest.task_id = own.task_id and latest.kind <> 'quality'
  order by latest.read_ms desc, latest.reading_id desc limit 1)`;

function within({ projects, from, to }: ReadingRange): RawBuilder<unknown> {
  const time = sql`own.read_ms >= ${millisecondsOf(from)} and own.read_ms < ${millisecondsOf(to)}`;
  if (projects === null) return time;
  if (projects.length === 0) return sql`false`;
  return sql`${time} and own.project in (${sql.join([...projects])})`;
}

function rowsOf(reading: Reading): { row: ReadingTable; ofScenes: SceneReadingTable[] } {
  const { readAt, scenes, machine, person, kind, reasonCode } = reading;
  const readMs = millisecondsOf(readAt);
  const common = {
    reading_id: storableText(reading.readingId),
    task_id: reading.taskId,
    project: reading.project,
    reviewer: storableText(reading.reviewer),
    kind,
    policy_digest: reading.policyDigest,
    read_ms: readMs,
    waited_ms: Math.round(reading.waitedMs),
  };
  const reason = reasonCode === null ? null : storableText(reasonCode);
  const day = new Date(readMs).toISOString().slice(0, 10);
  return {
    row: { ...common, scenes: JSON.stringify(scenes), machine, person, reason_code: reason, read_at: readAt },
    ofScenes: [{ scene: '' as const, machine, person, thresholds: [] }, ...scenes].map((part) => ({
      ...common,
      scene: part.scene,
      machine: part.machine,
      person: part.person,
      thresholds: JSON.stringify(part.thresholds),
      whole: person,
      day,
    })),
  };
}

function toReading(row: Selectable<ReadingTable>): Reading {
  return {
    readingId: row.reading_id,
    taskId: row.task_id,
    project: row.project,
    reviewer: row.reviewer,
    kind: row.kind,
    scenes: JSON.parse(row.scenes) as SceneReading[],
    machine: row.machine,
    person: row.person,
    reasonCode: row.reason_code,
    policyDigest: row.policy_digest,
    readAt: row.read_at,
    waitedMs: row.waited_ms,
  };
}
