import { type Kysely, type RawBuilder, sql } from 'kysely';

/** A function for triggers that refuses under a condition, and otherwise lets happen what was asked. */
async function refusal(db: Kysely<unknown>, name: string, when: RawBuilder<unknown>, why: string): Promise<void> {
  await sql`
    create function ${sql.id(name)}() returns trigger language plpgsql set search_path from current as $$ begin
      if ${when} then raise exception ${sql.lit(why)}; end if;
      return coalesce(new, old);
    end $$`.execute(db);
}

/**
 * Lets the database itself refuse what would change the record of who did what, or a policy that was saved, whoever tries it and by whatever program.
 * Events go only where the chain already goes on without them, see `audit_head`.
 */
export async function protectAudit(db: Kysely<unknown>): Promise<void> {
  const always = sql`true`;
  const trigger = (name: string, events: string, table: string, each: 'row' | 'statement', of = name) =>
    sql`
      create trigger ${sql.id(name)} before ${sql.raw(events)} on ${sql.table(table)}
      for each ${sql.raw(each)} execute function ${sql.id(of)}()`.execute(db);
  const audit = 'the audit log is append-only:';
  await refusal(db, 'audit_events_never_change', always, `${audit} an event is never changed`);
  await trigger('audit_events_never_change', 'update or truncate', 'audit_events', 'statement');
  const isAfterAnchor = sql`old.sequence > (select anchor_sequence from audit_head)`;
  await refusal(
    db,
    'audit_events_go_from_the_beginning',
    isAfterAnchor,
    `${audit} an event goes only with the retention`,
  );
  await trigger('audit_events_go_from_the_beginning', 'delete', 'audit_events', 'row');
  const isElsewhere = sql`(new.sequence - 1, new.previous) is distinct from (
    select row (sequence, digest) from (
      (select sequence, digest from audit_events order by sequence desc limit 1)
      union all select anchor_sequence, anchor_digest from audit_head
    ) as ends order by sequence desc limit 1)`;
  await refusal(db, 'audit_events_follow', isElsewhere, `${audit} an event follows the latest one`);
  await trigger('audit_events_follow', 'insert', 'audit_events', 'row');
  const goesBack = sql`new.sequence < old.sequence or new.anchor_sequence < old.anchor_sequence
    or new.anchor_sequence > new.sequence`;
  await refusal(db, 'audit_head_grows', goesBack, `${audit} its head never goes back`);
  await trigger('audit_head_grows', 'update', 'audit_head', 'row');
  await refusal(db, 'audit_head_is_one', always, `${audit} it has one head`);
  await trigger('audit_head_is_one', 'insert or delete or truncate', 'audit_head', 'statement');

  const policies = 'policy versions are append-only:';
  await refusal(db, 'policy_versions_stay', always, `${policies} one that was saved stays`);
  await trigger('policy_versions_stay', 'update or delete or truncate', 'policy_versions', 'statement');
  const isNotNext = sql`new.version <> (
    select coalesce(max(version), 0) + 1 from policy_versions where project = new.project)`;
  await refusal(db, 'policy_versions_are_numbered', isNotNext, `${policies} one follows the latest one`);
  await trigger('policy_versions_are_numbered', 'insert', 'policy_versions', 'row');
}
