import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { AuditEvent, AuditLog, AuditRow } from '../../src/store/audit.js';
import { InvalidInstantError } from '../../src/store/records.js';
import { auditLog } from '../../src/store/sql/audit.js';
import type { DatabaseUse } from '../../src/store/sql/shared-databases.js';
import { at } from './queue-fixture.js';

const ZEROS = '0'.repeat(64);

/** Something that happened. */
export function makeEvent(n: number, given: Partial<AuditEvent> = {}): AuditEvent {
  return {
    eventId: `event ${n}`,
    kind: 'task-read',
    at: at(n),
    actor: 'ada',
    address: '192.0.2.7',
    project: 'mine',
    taskId: 'task',
    detail: { revision: 2, suggestion: 'block', isFirst: true, reasonCode: null },
    ...given,
  };
}

/** As anybody may compute it who has a row. */
function digestOfRow(row: AuditRow): string {
  const { eventId, kind, at, actor, address, project, taskId, detail, previous } = row;
  const event = { eventId, kind, at, actor, address, project, taskId, previous };
  const sorted = (value: object) => Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
  return createHash('sha256')
    .update(JSON.stringify(sorted({ ...event, detail: sorted(detail) })))
    .digest('hex');
}

/** What every engine of the audit log must do; `open` answers a new empty database, `unprotect` takes away what the database itself refuses. */
export function auditContract(
  engine: string,
  open: () => Promise<DatabaseUse>,
  unprotect: (use: DatabaseUse) => Promise<void>,
): void {
  describe(`the audit log in ${engine}`, () => {
    let use: DatabaseUse;
    let audit: AuditLog;
    beforeEach(async () => {
      use = await open();
      audit = auditLog(use.db);
    });
    afterEach(async () => {
      await use.close();
    });
    const append = (...numbers: number[]) => audit.append(numbers.map((n) => makeEvent(n)));
    const rowsOf = async () => {
      const rows: AuditRow[] = [];
      for await (const row of audit.rows()) rows.push(row);
      return rows;
    };

    test('every row is bound to the one before it, in the order of its telling', async () => {
      expect(await audit.head()).toEqual({ sequence: 0, digest: ZEROS });
      await append(1);
      const head = await append(3, 2);
      const rows = await rowsOf();
      expect(rows.map(({ sequence, eventId }) => [sequence, eventId])).toEqual([
        [1, 'event 1'],
        [2, 'event 3'],
        [3, 'event 2'],
      ]);
      expect(rows.map(({ previous }) => previous)).toEqual([ZEROS, rows[0]!.digest, rows[1]!.digest]);
      expect(rows.map(({ digest }) => digest)).toEqual(rows.map(digestOfRow));
      expect(head).toEqual({ sequence: 3, digest: rows[2]!.digest });
      expect(await audit.head()).toEqual(head);
      const { sequence, previous, digest, ...event } = rows[0]!;
      expect([sequence, previous, digest.length, event]).toEqual([1, ZEROS, 64, makeEvent(1)]);
    });

    test('an event that is told again adds nothing, in the same telling or a later one', async () => {
      const first = await append(1, 2, 1);
      expect(first.sequence).toBe(2);
      expect(await append(2, 1)).toEqual(first);
      expect(await audit.append([])).toEqual(first);
      expect(await append(1, 3)).toMatchObject({ sequence: 3 });
    });

    test('events told at the same time become one chain', async () => {
      await Promise.all(Array.from({ length: 30 }, (_, n) => append(n, n + 1)));
      expect(await audit.verify()).toMatchObject({ outcome: 'whole', rows: 31, from: 1 });
    });

    test('of events told at the same time one that cannot be kept keeps none of the others back', async () => {
      const unkept = audit.append([makeEvent(3, { at: 'never' })]);
      const told = await Promise.allSettled([append(1), append(2), unkept, append(4), append(2)]);
      expect(told.map(({ status }) => status)).toEqual([
        'fulfilled',
        'fulfilled',
        'rejected',
        'fulfilled',
        'fulfilled',
      ]);
      await expect(unkept).rejects.toThrow(InvalidInstantError);
      const kept = (await rowsOf()).map(({ eventId }) => eventId);
      expect(kept.toSorted()).toEqual(['event 1', 'event 2', 'event 4']);
      expect(await audit.verify()).toMatchObject({ outcome: 'whole', rows: 3 });
    });

    test('texts that no database keeps do not break the chain', async () => {
      const odd = 'a\0\uD800b 名 \u007F';
      const detail = { [odd]: odd, number: Number.NaN, small: 1e-7, minus: -0, __proto__: null };
      await audit.append([makeEvent(1, { actor: odd, address: odd, project: odd, taskId: odd, eventId: odd, detail })]);
      await audit.append([makeEvent(1, { eventId: odd })]);
      expect(await audit.verify()).toMatchObject({ outcome: 'whole', rows: 1 });
      const [row] = await rowsOf();
      expect(row).toMatchObject({ actor: 'a\uFFFD\uFFFDb 名 \u007F', detail: { number: null, small: 1e-7 } });
      expect(row!.digest).toBe(digestOfRow(row!));
      await expect(audit.append([makeEvent(2, { at: 'soon' })])).rejects.toThrow(InvalidInstantError);
    });

    test('events are found, the newest first, by what is asked', async () => {
      await audit.append([
        makeEvent(1, { kind: 'signed-in', project: null, taskId: null }),
        makeEvent(2, { actor: 'bob' }),
        makeEvent(3, { project: 'theirs', taskId: 'other' }),
      ]);
      const found = async (query: Partial<Parameters<AuditLog['page']>[0]>) =>
        (await audit.page({ limit: 10, ...query })).map(({ sequence }) => sequence);
      expect(await found({})).toEqual([3, 2, 1]);
      expect(await found({ projects: null, limit: 2 })).toEqual([3, 2]);
      expect(await found({ before: 3 })).toEqual([2, 1]);
      expect(await found({ projects: ['mine', 'x'] })).toEqual([2]);
      expect(await found({ projects: [] })).toEqual([]);
      expect(await found({ kinds: ['signed-in', 'exported'] })).toEqual([1]);
      expect(await found({ actor: 'ada' })).toEqual([3, 1]);
      expect(await found({ taskId: 'task' })).toEqual([2]);
      expect(await found({ from: at(2), to: at(3) })).toEqual([2]);
    });

    test('a chain of more rows than are read at once is told and verified', async () => {
      const events = Array.from({ length: 2500 }, (_, n) => makeEvent(n));
      const head = await audit.append(events);
      expect((await rowsOf()).map(({ eventId }) => eventId)).toEqual(events.map(({ eventId }) => eventId));
      expect(await audit.verify([head])).toEqual({ outcome: 'whole', rows: 2500, head, from: 1 });
    });

    test('what is older than the retention goes, and the chain goes on from there', async () => {
      const early = await append(1, 2);
      const middle = await append(3);
      const head = await append(4, 5);
      await audit.purgeBefore(at(4));
      expect((await rowsOf()).map(({ sequence }) => sequence)).toEqual([4, 5]);
      expect(await audit.verify([early, middle, head])).toEqual({ outcome: 'whole', rows: 2, head, from: 4 });
      expect(await audit.verify([{ ...middle, digest: ZEROS }])).toMatchObject({ outcome: 'broken', sequence: 3 });
      await audit.purgeBefore(at(4));
      await audit.purgeBefore(at(100));
      expect(await rowsOf()).toEqual([]);
      expect(await audit.verify([head])).toEqual({ outcome: 'whole', rows: 0, head, from: 6 });
      await audit.purgeBefore(at(101));
      expect(await append(6)).toMatchObject({ sequence: 6 });
      expect(await audit.verify([head])).toMatchObject({ outcome: 'whole', rows: 1, from: 6 });
    });

    test('an event told late keeps those after it, until it is old itself', async () => {
      await append(1, 9, 2);
      await audit.purgeBefore(at(5));
      expect((await rowsOf()).map(({ eventId }) => eventId)).toEqual(['event 9', 'event 2']);
      expect(await audit.verify()).toMatchObject({ outcome: 'whole', rows: 2, from: 2 });
    });

    const column = (name: string) => sql`update audit_events set ${sql.ref(name)} = 'x' where sequence = 3`;
    test.each<[string, ReturnType<typeof sql>[], number, RegExp]>([
      ...['event_id', 'kind', 'at', 'actor', 'address', 'project', 'task_id', 'detail', 'digest'].map(
        (name): [string, ReturnType<typeof sql>[], number, RegExp] => [
          `another ${name}`,
          [column(name)],
          3,
          /it was changed/,
        ],
      ),
      ['another time to go by', [sql`update audit_events set at_ms = 0 where sequence = 3`], 3, /it was changed/],
      ['another predecessor', [column('previous')], 3, /does not follow/],
      ['a row less', [sql`delete from audit_events where sequence = 3`], 4, /row 3 is missing/],
      ['a beginning less', [sql`delete from audit_events where sequence < 3`], 3, /row 1 is missing/],
      ['an end less', [sql`delete from audit_events where sequence > 3`], 4, /is missing: the head names row 5/],
      ['nothing left', [sql`delete from audit_events`], 1, /is missing: the head names row 5/],
      [
        'two rows in another order',
        [
          sql`update audit_events set sequence = 99 where sequence = 3`,
          sql`update audit_events set sequence = 3 where sequence = 4`,
          sql`update audit_events set sequence = 4 where sequence = 99`,
        ],
        3,
        /does not follow/,
      ],
      ['another head', [sql`update audit_head set digest = ${ZEROS}`], 5, /the head names another digest/],
    ])('who gets past the database is found out: %s', async (_, statements, sequence, why) => {
      await append(1, 2, 3, 4, 5);
      await unprotect(use);
      for (const statement of statements) await statement.execute(use.db);
      const check = await audit.verify();
      expect(check).toMatchObject({ outcome: 'broken', sequence });
      expect(check.outcome === 'broken' && check.why).toMatch(why);
    });

    test('who cuts the end off and mends the head is found out by an earlier head', async () => {
      const early = await append(1, 2);
      const head = await append(3, 4);
      await unprotect(use);
      await sql`delete from audit_events where sequence > 2`.execute(use.db);
      await sql`update audit_head set sequence = 2, digest = ${early.digest}`.execute(use.db);
      expect(await audit.verify([early])).toMatchObject({ outcome: 'whole', rows: 2 });
      expect(await audit.verify([early, head])).toMatchObject({ outcome: 'broken', sequence: 2 });
      // Also once other events have taken the place of those.
      await append(7, 8);
      expect(await audit.verify()).toMatchObject({ outcome: 'whole', rows: 4 });
      expect(await audit.verify([head])).toMatchObject({ outcome: 'broken', sequence: 4 });
    });

    test('the database itself refuses to change, replace, renumber or remove an event or the head', async () => {
      await append(1, 2, 3);
      const copied = sql.raw('event_id, kind, at, at_ms, actor, address, project, task_id, detail, previous, digest');
      const before = await rowsOf();
      for (const statement of [
        sql`update audit_events set actor = 'eve'`,
        sql`delete from audit_events where sequence = 3`,
        sql`delete from audit_events`,
        sql`insert into audit_events (sequence, ${copied}) select 7, ${copied} from audit_events where sequence = 3`,
        sql`insert into audit_events (sequence, ${copied}) select 4, ${copied} from audit_events where sequence = 3`,
        sql`update audit_head set sequence = 2`,
        sql`update audit_head set anchor_sequence = 4`,
        sql`delete from audit_head`,
        sql`insert into audit_head values (2, 0, '', 0, '')`,
      ]) {
        await expect(statement.execute(use.db)).rejects.toThrow('the audit log is append-only');
      }
      expect(await rowsOf()).toEqual(before);
      await audit.purgeBefore(at(2));
      await expect(sql`update audit_head set anchor_sequence = 0`.execute(use.db)).rejects.toThrow('append-only');
      expect(await audit.verify()).toMatchObject({ outcome: 'whole', rows: 2 });
    });
  });
}
