import { readFileSync } from 'node:fs';
import { sql } from 'kysely';
import { useDatabase } from '../../src/store/sqlite/shared-database.js';
import { makeEvent } from '../store/audit-contract.js';
import { build } from '../support/build.js';
import { commandPlace, type CommandPlace } from '../support/cli.js';

let place: CommandPlace;
beforeEach(async () => {
  await build();
  place = await commandPlace();
});
afterEach(() => place.remove());

/** Records that so many things happened, and answers the head. */
const happened = (...numbers: number[]) =>
  place.stores(async ({ records: { audit } }) => {
    const { sequence, digest } = await audit.append(numbers.map((n) => makeEvent(n)));
    return `${sequence}:${digest}`;
  });

test('the head is printed, written down, and checked against later; what was cut off is found out', async () => {
  const early = await happened(1, 2);
  const shown = await place.run(['audit', 'head']);
  expect([shown.code, shown.stdout]).toEqual([0, `${early}\n`]);
  const head = await happened(3, 4);
  const whole = await place.run(['audit', 'verify', '--head', early, head]);
  expect([whole.code, whole.stdout]).toEqual([0, `The record is whole: 4 rows, from 1 on. Its head is ${head}\n`]);

  const { db, close } = await useDatabase(`${place.dataDir}/framewarden.db`);
  for (const trigger of ['audit_events_go_from_the_beginning', 'audit_head_grows'])
    await sql`drop trigger ${sql.id(trigger)}`.execute(db);
  const [, digest] = early.split(':');
  await sql`delete from audit_events where sequence > 2`.execute(db);
  await sql`update audit_head set sequence = 2, digest = ${digest}`.execute(db);
  await close();
  expect((await place.run(['audit', 'verify', '--head', early])).code).toBe(0);
  const cut = await place.run(['audit', 'verify', '--head', early, '--head', head]);
  expect([cut.code, cut.stdout]).toEqual([1, expect.stringMatching(/broken at row 2: .*an earlier head names row 4/)]);
  const json = await place.run(['audit', 'verify', '--json', '--head', head]);
  expect([json.code, JSON.parse(json.stdout)]).toEqual([
    1,
    expect.objectContaining({ outcome: 'broken', sequence: 2 }),
  ]);
});

test('an export holds every row and the head last, and that it was made', async () => {
  await happened(1, 2);
  const exported = await place.run(['audit', 'export']);
  const lines = exported.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(lines.map(({ eventId, kind }) => kind ?? eventId)).toEqual(['task-read', 'task-read', 'exported', undefined]);
  expect(lines[2]).toMatchObject({ actor: expect.stringMatching(/^cli:/) as string, detail: { format: 'jsonl' } });
  expect(lines[3]).toEqual({ head: { sequence: 3, digest: lines[2]!.digest } });

  const file = place.path('audit.csv');
  const written = await place.run(['audit', 'export', '--format', 'csv', '--output', file]);
  expect([written.code, written.stdout]).toEqual([0, '']);
  const rows = readFileSync(file, 'utf8').trimEnd().split('\r\n');
  expect([rows.length, rows[0], rows[1]]).toEqual([
    6,
    expect.stringMatching(/^sequence,at,kind/),
    expect.stringMatching(/^1,/),
  ]);
  expect(rows[5]).toMatch(/^4,,head,.*,[0-9a-f]{64}$/);
  const again = await place.run(['audit', 'export', '--output', file]);
  expect([again.code, again.stderr]).toEqual([1, expect.stringMatching(/EEXIST/)]);
});

test('a head that is none is refused, and one from before the retention is said to tell nothing', async () => {
  const refused = await place.run(['audit', 'verify', '--head', '12:abc']);
  expect([refused.code, refused.stderr]).toEqual([2, expect.stringMatching(/Expected a head/)]);
  const early = await happened(1);
  await happened(2, 3);
  await place.stores(({ records }) => records.audit.purgeBefore(makeEvent(3).at));
  const { code, stdout, stderr } = await place.run(['audit', 'verify', '--head', early]);
  expect([code, stdout]).toEqual([0, expect.stringMatching(/whole: 1 rows, from 3 on/)]);
  expect(stderr).toMatch(/says nothing any more: rows before 3 went/);
});
