import { type Kysely, sql } from 'kysely';

/**
 * Lets the database itself refuse what would change the record of who did what, or a policy that was saved, whoever tries it and by whatever program.
 * Events go only where the chain already goes on without them, see `audit_head`.
 */
export async function protectAudit(db: Kysely<unknown>): Promise<void> {
  await sql`
    create trigger audit_events_never_change before update on audit_events begin
      select raise(abort, 'the audit log is append-only: an event is never changed');
    end`.execute(db);
  await sql`
    create trigger audit_events_go_from_the_beginning before delete on audit_events
    when old.sequence > (select anchor_sequence from audit_head) begin
      select raise(abort, 'the audit log is append-only: an event goes only with the retention');
    end`.execute(db);
  // Also keeps INSERT OR REPLACE out, which deletes without asking the trigger above.
  await sql`
    create trigger audit_events_follow before insert on audit_events
    when (new.sequence - 1, new.previous) is not (
      select sequence, digest from (
        select sequence, digest from audit_events union all select anchor_sequence, anchor_digest from audit_head
      ) order by sequence desc limit 1) begin
      select raise(abort, 'the audit log is append-only: an event follows the latest one');
    end`.execute(db);
  await sql`
    create trigger audit_head_grows before update on audit_head
    when new.sequence < old.sequence or new.anchor_sequence < old.anchor_sequence
      or new.anchor_sequence > new.sequence begin
      select raise(abort, 'the audit log is append-only: its head never goes back');
    end`.execute(db);
  for (const event of ['insert', 'delete']) {
    await sql`
      create trigger ${sql.id(`audit_head_has_no_${event}`)} before ${sql.raw(event)} on audit_head begin
        select raise(abort, 'the audit log is append-only: it has one head');
      end`.execute(db);
  }
  for (const event of ['update', 'delete']) {
    await sql`
      create trigger ${sql.id(`policy_versions_have_no_${event}`)} before ${sql.raw(event)} on policy_versions begin
        select raise(abort, 'policy versions are append-only: one that was saved stays');
      end`.execute(db);
  }
  await sql`
    create trigger policy_versions_are_numbered before insert on policy_versions
    when new.version <> (select coalesce(max(version), 0) + 1 from policy_versions where project = new.project) begin
      select raise(abort, 'policy versions are append-only: one follows the latest one');
    end`.execute(db);
}
