import type { Insertable, Kysely, Selectable } from 'kysely';
import { digestOf } from '../../digest.js';
import type { AuditEvent, AuditHead, AuditRow } from '../audit.js';
import type { AuditTable } from './console-tables.js';
import type { Db, TextType } from './tables.js';
import { millisecondsOf, storableText } from './transaction.js';

/** Rows read or written by one statement. */
export const BATCH = 1000;

/** What comes before the first row. */
export const BEGINNING: AuditHead = { sequence: 0, digest: '0'.repeat(64) };

/** Events, and the ends of their chain. */
export async function createAudit(db: Kysely<unknown>, text: TextType): Promise<void> {
  const { schema } = db;
  await schema
    .createTable('audit_events')
    .addColumn('sequence', 'integer', (column) => column.primaryKey().notNull())
    .addColumn('event_id', text, (column) => column.notNull().unique())
    .addColumn('kind', text, (column) => column.notNull())
    .addColumn('at', text, (column) => column.notNull())
    .addColumn('at_ms', 'bigint', (column) => column.notNull())
    .addColumn('actor', text, (column) => column.notNull())
    .addColumn('address', text)
    .addColumn('project', text)
    .addColumn('task_id', text)
    .addColumn('detail', text, (column) => column.notNull())
    .addColumn('previous', text, (column) => column.notNull())
    .addColumn('digest', text, (column) => column.notNull())
    .execute();
  for (const column of ['actor', 'project', 'task_id'])
    await schema.createIndex(`audit_events_by_${column}`).on('audit_events').columns([column, 'sequence']).execute();
  await schema
    .createTable('audit_head')
    .addColumn('only', 'integer', (column) => column.primaryKey().notNull())
    .addColumn('sequence', 'integer', (column) => column.notNull())
    .addColumn('digest', text, (column) => column.notNull())
    .addColumn('anchor_sequence', 'integer', (column) => column.notNull())
    .addColumn('anchor_digest', text, (column) => column.notNull())
    .execute();
  const { sequence, digest } = BEGINNING;
  await (db as Kysely<{ audit_head: Record<string, number | string> }>)
    .insertInto('audit_head')
    .values({ only: 1, sequence, digest, anchor_sequence: sequence, anchor_digest: digest })
    .execute();
}

/** An event as it is kept, and so as it is digested: texts that no database keeps are changed before, not after. */
export function storable(event: AuditEvent): AuditEvent {
  const text = (value: string | null) => (value === null ? null : storableText(value));
  return {
    eventId: storableText(event.eventId),
    kind: event.kind,
    at: event.at,
    actor: storableText(event.actor),
    address: text(event.address),
    project: text(event.project),
    taskId: text(event.taskId),
    // What JSON has no sign for, such as NaN, becomes null in it.
    detail: JSON.parse(JSON.stringify(event.detail)) as AuditEvent['detail'],
  };
}

/** The digest that binds an event to the row before it: SHA-256 of both as one JSON object, its keys sorted, without white space. */
export const digestOfEvent = (event: AuditEvent, previous: string): string => digestOf({ ...event, previous });

/** The row of an event, as {@link storable} made it. */
export function rowOf(event: AuditEvent, { sequence, digest: previous }: AuditHead): Insertable<AuditTable> {
  return {
    sequence: sequence + 1,
    event_id: event.eventId,
    kind: event.kind,
    at: event.at,
    at_ms: millisecondsOf(event.at),
    actor: event.actor,
    address: event.address,
    project: event.project,
    task_id: event.taskId,
    detail: JSON.stringify(event.detail),
    previous,
    digest: digestOfEvent(event, previous),
  };
}

/** The event of a row. */
function eventOf(row: Selectable<AuditTable>): AuditEvent {
  return {
    eventId: row.event_id,
    kind: row.kind,
    at: row.at,
    actor: row.actor,
    address: row.address,
    project: row.project,
    taskId: row.task_id,
    detail: JSON.parse(row.detail) as AuditEvent['detail'],
  };
}

/** A row as it is told. */
export function toRow(row: Selectable<AuditTable>): AuditRow {
  return { ...eventOf(row), sequence: row.sequence, previous: row.previous, digest: row.digest };
}

/** Why a row does not follow from the one before it; `null`: it does. */
export function faultOf(row: Selectable<AuditTable>, before: AuditHead): string | null {
  if (row.sequence !== before.sequence + 1) return `row ${before.sequence + 1} is missing`;
  if (row.previous !== before.digest)
    return 'it does not follow from the row before it, which was put or changed there';
  try {
    if (digestOfEvent(eventOf(row), row.previous) === row.digest && row.at_ms === millisecondsOf(row.at)) return null;
  } catch {
    // What is no JSON any more was changed too.
  }
  return 'it was changed: its digest is another one';
}

/** The next rows of the chain, oldest first. */
export async function chunkAfter(db: Db, sequence: number): Promise<Selectable<AuditTable>[]> {
  return await db
    .selectFrom('audit_events')
    .selectAll()
    .where('sequence', '>', sequence)
    .orderBy('sequence')
    .limit(BATCH)
    .execute();
}
