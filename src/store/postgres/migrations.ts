import { type Kysely, type Migration, sql } from 'kysely';
import { protectAudit } from './append-only-audit.js';

/** Lets the database itself refuse what would change a verdict already recorded, whoever tries it and by whatever program. */
async function createTriggers(db: Kysely<unknown>): Promise<void> {
  await sql`
    create function verdicts_never_change() returns trigger language plpgsql set search_path from current as $$ begin
      raise exception 'verdicts are append-only: a revision is never changed';
    end $$`.execute(db);
  await sql`
    create trigger verdicts_never_change before update or truncate on verdicts
    for each statement execute function verdicts_never_change()`.execute(db);
  // When a task is purged, its row is gone by the time its verdicts follow.
  await sql`
    create function verdicts_go_with_their_task() returns trigger language plpgsql set search_path from current as $$ begin
      if exists (select 1 from tasks where task_id = old.task_id) then
        raise exception 'verdicts are append-only: a revision goes only with its task';
      end if;
      return old;
    end $$`.execute(db);
  await sql`
    create trigger verdicts_go_with_their_task before delete on verdicts
    for each row execute function verdicts_go_with_their_task()`.execute(db);
  await sql`
    create function verdicts_are_numbered() returns trigger language plpgsql set search_path from current as $$ begin
      if new.revision <> (select coalesce(max(revision), 0) + 1 from verdicts where task_id = new.task_id) then
        raise exception 'verdicts are append-only: a revision follows the latest one';
      end if;
      return new;
    end $$`.execute(db);
  await sql`
    create trigger verdicts_are_numbered before insert on verdicts
    for each row execute function verdicts_are_numbered()`.execute(db);
}

/** Keeps lists on the indexes that were made for them. */
async function tune(db: Kysely<unknown>): Promise<void> {
  // Of an index in the same order the planner believes that hardly a row of it is another project's or in another state, until one day most are.
  for (const index of ['tasks_by_start', 'tasks_by_status', 'tasks_by_end'])
    await sql`drop index ${sql.id(index)}`.execute(db);
  await sql`create index tasks_in_status on tasks (status)`.execute(db);
  // For what ended long ago; it has no order.
  await sql`create index tasks_ended on tasks using brin (ended_ms)`.execute(db);
  // Lists are read from indexes alone, which takes note of which pages are settled: by default that is after a fifth of a table has changed.
  for (const table of ['tasks', 'task_tags']) {
    await sql`
      alter table ${sql.table(table)} set (autovacuum_vacuum_scale_factor = 0.02,
        autovacuum_vacuum_insert_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02)`.execute(db);
  }
}

/** SQLite has a file of its own for them. Not logged: what a crash of the server loses is worth less than waiting for the disk at every Create. */
async function createNonces(db: Kysely<unknown>): Promise<void> {
  await sql`create unlogged table nonces (digest bytea primary key, expires_ms bigint not null)`.execute(db);
  await sql`create index nonces_by_expiry on nonces (expires_ms)`.execute(db);
}

/** Postgres' own part of the schema; comes between those of tableMigrations by the names. */
export const POSTGRES_MIGRATIONS: Record<string, Migration> = {
  '0002-append-only': { up: createTriggers },
  '0004-tuning': { up: tune },
  '0006-nonces': { up: createNonces },
  '0014-append-only-audit': { up: protectAudit },
};
