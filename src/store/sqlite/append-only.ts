import { type Kysely, type Migration, sql } from 'kysely';
import { protectAudit } from './append-only-audit.js';

/** Lets the database itself refuse what would change a verdict already recorded, whoever tries it and by whatever program. */
async function createTriggers(db: Kysely<unknown>): Promise<void> {
  await sql`
    create trigger verdicts_never_change before update on verdicts begin
      select raise(abort, 'verdicts are append-only: a revision is never changed');
    end`.execute(db);
  // When a task is purged, its row is gone by the time its verdicts follow.
  await sql`
    create trigger verdicts_go_with_their_task before delete on verdicts
    when exists (select 1 from tasks where task_id = old.task_id) begin
      select raise(abort, 'verdicts are append-only: a revision goes only with its task');
    end`.execute(db);
  // Also keeps INSERT OR REPLACE out, which deletes without asking the trigger above.
  await sql`
    create trigger verdicts_are_numbered before insert on verdicts
    when new.revision <> (select coalesce(max(revision), 0) + 1 from verdicts where task_id = new.task_id) begin
      select raise(abort, 'verdicts are append-only: a revision follows the latest one');
    end`.execute(db);
}

/** SQLite's own part of the schema; comes between those of tableMigrations by the names. */
export const APPEND_ONLY_MIGRATIONS = {
  '0002-append-only': { up: createTriggers },
  '0014-append-only-audit': { up: protectAudit },
} satisfies Record<string, Migration>;
