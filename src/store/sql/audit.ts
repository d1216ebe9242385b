import type { Selectable } from 'kysely';
import type { AuditEvent, AuditHead, AuditLog } from '../audit.js';
import { BATCH, chunkAfter, rowOf, storable, toRow } from './audit-rows.js';
import { verifyAudit } from './audit-verify.js';
import type { AuditHeadTable } from './console-tables.js';
import { inGroups } from './in-groups.js';
import type { Db } from './tables.js';
import { millisecondsOf } from './transaction.js';

/** The audit log on a database that has the newest schema. */
export function auditLog(db: Db): AuditLog {
  return {
    append: inGroups(async (events: readonly AuditEvent[]) => {
      const given = [...new Map(events.map(storable).map((event) => [event.eventId, event])).values()];
      return await db.transaction().execute(async (transaction) => {
        let head = endOf(await lockHead(transaction));
        for (let first = 0; first < given.length; first += BATCH) {
          const batch = await newAmong(transaction, given.slice(first, first + BATCH));
          const rows = batch.map((event) => {
            const row = rowOf(event, head);
            head = { sequence: row.sequence, digest: row.digest };
            return row;
          });
          if (rows.length > 0) await transaction.insertInto('audit_events').values(rows).execute();
        }
        await transaction.updateTable('audit_head').set(head).execute();
        return head;
      });
    }),

    async head() {
      return endOf(await db.selectFrom('audit_head').selectAll().executeTakeFirstOrThrow());
    },

    async page({ projects, kinds, actor, taskId, from, to, before, limit }) {
      if (projects?.length === 0) return [];
      let rows = db.selectFrom('audit_events').selectAll();
      if (projects != null) rows = rows.where('project', 'in', projects);
      if (kinds !== undefined && kinds.length > 0) rows = rows.where('kind', 'in', kinds);
      if (actor !== undefined) rows = rows.where('actor', '=', actor);
      if (taskId !== undefined) rows = rows.where('task_id', '=', taskId);
      if (from !== undefined) rows = rows.where('at_ms', '>=', millisecondsOf(from));
      if (to !== undefined) rows = rows.where('at_ms', '<', millisecondsOf(to));
      if (before !== undefined) rows = rows.where('sequence', '<', before);
      return (await rows.orderBy('sequence', 'desc').limit(limit).execute()).map(toRow);
    },

    async *rows() {
      for (let last = 0; ;) {
        const rows = await chunkAfter(db, last);
        yield* rows.map(toRow);
        const end = rows.at(-1);
        if (end === undefined) return;
        last = end.sequence;
      }
    },

    verify: (heads = []) => verifyAudit(db, heads),

    async purgeBefore(instant) {
      const beforeMs = millisecondsOf(instant);
      await db.transaction().execute(async (transaction) => {
        const { sequence: end } = await lockHead(transaction);
        const kept = await transaction
          .selectFrom('audit_events')
          .select('sequence')
          .where('at_ms', '>=', beforeMs)
          .orderBy('sequence')
          .limit(1)
          .executeTakeFirst();
        const last = await transaction
          .selectFrom('audit_events')
          .select(['sequence', 'digest'])
          .where('sequence', '=', kept === undefined ? end : kept.sequence - 1)
          .executeTakeFirst();
        if (last === undefined) return;
        // The database lets go of what lies before the anchor only.
        await transaction
          .updateTable('audit_head')
          .set({ anchor_sequence: last.sequence, anchor_digest: last.digest })
          .execute();
        await transaction.deleteFrom('audit_events').where('sequence', '<=', last.sequence).execute();
      });
    },
  };
}

/** Holds the head against other writers; a write first, see inTask. */
async function lockHead(transaction: Db): Promise<Selectable<AuditHeadTable>> {
  return await transaction
    .updateTable('audit_head')
    .set((head) => ({ sequence: head.ref('sequence') }))
    .returningAll()
    .executeTakeFirstOrThrow();
}

const endOf = ({ sequence, digest }: Selectable<AuditHeadTable>): AuditHead => ({ sequence, digest });

async function newAmong(db: Db, events: readonly AuditEvent[]): Promise<AuditEvent[]> {
  const ids = events.map(({ eventId }) => eventId);
  const rows = await db.selectFrom('audit_events').select('event_id').where('event_id', 'in', ids).execute();
  const known = new Set(rows.map(({ event_id }) => event_id));
  return events.filter(({ eventId }) => !known.has(eventId));
}
