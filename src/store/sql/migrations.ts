import { type Kysely, type Migration, Migrator, sql } from 'kysely';
import { createAudit } from './audit-rows.js';
import { createBanks } from './banks.js';
import { createMembers } from './member-tables.js';
import { createNotifications } from './notifications.js';
import { createPolicyVersions } from './policy-versions.js';
import { addProjectsAndTags } from './projects-and-tags.js';
import { addNotes, createReviewQueue } from './queue-rows.js';
import { createReadings } from './readings.js';
import type { TextType } from './tables.js';

/** Thrown when a database cannot be brought to the schema of this version. */
export class MigrationFailedError extends Error {
  override name = 'MigrationFailedError' as const;
  constructor(
    /** File or address of the database. */
    readonly location: string,
    cause: unknown,
  ) {
    const why = cause instanceof Error ? cause.message : String(cause);
    super(
      `Expected to bring the records in ${location} to this version's schema, got: ${why}. ` +
        'If a newer framewarden wrote them, use that version, or another directory with --data.',
      { cause },
    );
  }
}

/** Kysely's migrations are typed on no schema, because each belongs to the schema of its day. */
async function createTables(db: Kysely<unknown>, text: TextType): Promise<void> {
  const { schema } = db;
  await schema
    .createTable('tasks')
    .addColumn('task_id', text, (column) => column.primaryKey().notNull())
    .addColumn('request', text, (column) => column.notNull())
    .addColumn('status', text, (column) => column.notNull())
    .addColumn('code', text, (column) => column.notNull())
    .addColumn('message', text, (column) => column.notNull())
    .addColumn('start_time', text, (column) => column.notNull())
    .addColumn('end_time', text)
    .addColumn('started_ms', 'bigint', (column) => column.notNull())
    .addColumn('ended_ms', 'bigint')
    .addColumn('probed', text)
    .addColumn('plan', text)
    .execute();
  await schema.createIndex('tasks_by_start').on('tasks').columns(['started_ms', 'task_id']).execute();
  await schema.createIndex('tasks_by_status').on('tasks').columns(['status', 'started_ms', 'task_id']).execute();
  await schema.createIndex('tasks_by_end').on('tasks').column('ended_ms').execute();

  /** A table whose rows go when their task goes. */
  const ofTask = (name: string) =>
    schema
      .createTable(name)
      .addColumn('task_id', text, (column) => column.notNull().references('tasks.task_id').onDelete('cascade'));
  await ofTask('verdicts')
    .addColumn('revision', 'integer', (column) => column.notNull())
    .addColumn('origin', text, (column) => column.notNull())
    .addColumn('suggestion', text, (column) => column.notNull())
    .addColumn('verdict', text, (column) => column.notNull())
    .addColumn('recorded_at', text, (column) => column.notNull())
    .addColumn('reviewer', text)
    .addColumn('reason', text)
    .addColumn('decision_id', text, (column) => column.notNull())
    .addPrimaryKeyConstraint('verdicts_pk', ['task_id', 'revision'])
    .addUniqueConstraint('verdicts_by_decision', ['task_id', 'decision_id'])
    .execute();
  await ofTask('observations')
    .addColumn('from_sample', 'integer', (column) => column.notNull())
    .addColumn('to_sample', 'integer', (column) => column.notNull())
    .addColumn('segment', 'integer', (column) => column.notNull())
    .addColumn('digest', text, (column) => column.notNull())
    .addPrimaryKeyConstraint('observations_pk', ['task_id', 'from_sample'])
    .execute();
  await schema.createIndex('observations_by_digest').on('observations').column('digest').execute();
  await ofTask('attempts')
    .addColumn('segment', 'integer', (column) => column.notNull())
    .addColumn('attempt', 'integer', (column) => column.notNull())
    .addColumn('from_sample', 'integer', (column) => column.notNull())
    .addColumn('to_sample', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('attempts_pk', ['task_id', 'segment', 'attempt'])
    .execute();
  await ofTask('evidence')
    .addColumn('position', 'integer', (column) => column.notNull())
    .addColumn('digest', text, (column) => column.notNull())
    .addColumn('item', text, (column) => column.notNull())
    .addPrimaryKeyConstraint('evidence_pk', ['task_id', 'position'])
    .execute();
  await schema.createIndex('evidence_by_digest').on('evidence').column('digest').execute();
  await schema
    .createTable('unreferenced')
    .addColumn('digest', text, (column) => column.primaryKey().notNull())
    .execute();
}

/** Who may call the API; secrets are encrypted before they come here. */
async function createAccessKeys({ schema }: Kysely<unknown>, text: TextType): Promise<void> {
  await schema
    .createTable('access_keys')
    .addColumn('access_key_id', text, (column) => column.primaryKey().notNull())
    .addColumn('account_id', text, (column) => column.notNull())
    .addColumn('user_name', text)
    .addColumn('status', text, (column) => column.notNull())
    .addColumn('created_at', text, (column) => column.notNull())
    .addColumn('sealed_secret', text, (column) => column.notNull())
    .addColumn('sealed_token', text)
    .execute();
}

/** How far segments under way have come. */
async function createCheckpoints({ schema }: Kysely<unknown>, text: TextType): Promise<void> {
  await schema
    .createTable('checkpoints')
    .addColumn('task_id', text, (column) => column.notNull().references('tasks.task_id').onDelete('cascade'))
    .addColumn('segment', 'integer', (column) => column.notNull())
    .addColumn('checkpoint', text, (column) => column.notNull())
    .addPrimaryKeyConstraint('checkpoints_pk', ['task_id', 'segment'])
    .execute();
}

/**
 * Keys observations by segment and range. By their first sample alone, what was said of a whole segment, which takes up no samples, gave way to what was
 * seen in the segment that begins where it ends.
 */
async function keyObservationsBySegment(db: Kysely<unknown>, text: TextType): Promise<void> {
  const { schema } = db;
  await schema
    .createTable('observations_by_segment')
    .addColumn('task_id', text, (column) => column.notNull().references('tasks.task_id').onDelete('cascade'))
    .addColumn('segment', 'integer', (column) => column.notNull())
    .addColumn('from_sample', 'integer', (column) => column.notNull())
    .addColumn('to_sample', 'integer', (column) => column.notNull())
    .addColumn('digest', text, (column) => column.notNull())
    .addPrimaryKeyConstraint('observations_by_segment_pk', ['task_id', 'segment', 'from_sample', 'to_sample'])
    .execute();
  await sql`
    insert into observations_by_segment (task_id, segment, from_sample, to_sample, digest)
    select task_id, segment, from_sample, to_sample, digest from observations`.execute(db);
  await schema.dropTable('observations').execute();
  await schema.alterTable('observations_by_segment').renameTo('observations').execute();
  await schema.createIndex('observations_by_digest').on('observations').column('digest').execute();
}

/**
 * What every engine has, by name in the order of application. Names and contents of released ones never change.
 * @param text the type of texts, which has to compare by code point: lists go on after a task id, in the same order on every engine
 */
export function tableMigrations(text: TextType): Record<string, Migration> {
  return {
    '0001-tables': { up: (db) => createTables(db, text) },
    '0003-access-keys': { up: (db) => createAccessKeys(db, text) },
    '0004-projects-and-tags': { up: (db) => addProjectsAndTags(db, text) },
    '0005-notifications': { up: (db) => createNotifications(db, text) },
    '0007-checkpoints': { up: (db) => createCheckpoints(db, text) },
    '0008-banks': { up: (db) => createBanks(db, text) },
    '0009-review-queue': { up: (db) => createReviewQueue(db, text) },
    '0010-readings': { up: (db) => createReadings(db, text) },
    '0011-members': { up: (db) => createMembers(db, text) },
    '0012-policy-versions': { up: (db) => createPolicyVersions(db, text) },
    '0013-audit': { up: (db) => createAudit(db, text) },
    '0015-observations-by-segment': { up: (db) => keyObservationsBySegment(db, text) },
    '0016-review-notes': { up: (db) => addNotes(db, text) },
  };
}

/**
 * Brings a database to the newest of the migrations; does nothing when it is there.
 * @param schema where to keep account of them, on engines with several
 * @throws {MigrationFailedError}
 */
export async function migrate<T>(
  db: Kysely<T>,
  location: string,
  migrations: Record<string, Migration>,
  schema?: string,
): Promise<void> {
  const migrator = new Migrator({
    db,
    provider: { getMigrations: () => Promise.resolve(migrations) },
    ...(schema === undefined ? {} : { migrationTableSchema: schema }),
  });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw new MigrationFailedError(location, error);
}
