import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CompiledQuery, Kysely } from 'kysely';
import Database from 'libsql';
import { migrate, MigrationFailedError, tableMigrations } from '../../../src/store/sql/migrations.js';
import { APPEND_ONLY_MIGRATIONS } from '../../../src/store/sqlite/append-only.js';
import { libsqlDialect } from '../../../src/store/sqlite/dialect.js';
import { openRecordStore } from '../../../src/store/sqlite/open-record-store.js';
import { useDatabase } from '../../../src/store/sqlite/shared-database.js';
import { makeRequest, makeRevision } from '../make-records.js';
import { queryContract, withShortPages } from '../query-contract.js';
import { recordStoreContract } from '../record-store-contract.js';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'framewarden-records-'));
});
afterAll(async () => {
  await rm(directory, { recursive: true, force: true });
});

let files = 0;
/** A file of which nothing is there yet. */
const newFile = () => join(directory, `${++files}`, 'records.db');

recordStoreContract('SQLite', () => openRecordStore(newFile()));
queryContract('SQLite, on short pages', async () => withShortPages(await useDatabase(newFile())));

const MODULE = pathToFileURL(resolve('dist/store/sqlite/open-record-store.js')).href;

/** Starts a process that has `records` open and runs this code. */
function startProcess(path: string, code: string): ChildProcess {
  const program = `
    import { openRecordStore } from ${JSON.stringify(MODULE)};
    const records = await openRecordStore(${JSON.stringify(path)});
    const taskId = 't', revision = ${JSON.stringify(makeRevision('t'))}, request = ${JSON.stringify(makeRequest('t'))};
    ${code}
    await records.close();`;
  return spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
}

test('processes that open a new file at the same time all find its tables', async () => {
  const path = newFile();
  const processes = Array.from({ length: 6 }, (_, index) =>
    startProcess(path, `await records.createTask({ ...request, taskId: 't${index}' }, '2026-01-01T00:00:00.000Z');`),
  );
  const codes = await Promise.all(processes.map(async (child) => (await once(child, 'exit'))[0] as unknown));
  expect(codes).toEqual(processes.map(() => 0));
  const records = await openRecordStore(path);
  expect(await records.listTasks({ limit: 10 })).toHaveLength(6);
  await records.close();
});

test('two processes that write at the same time lose nothing and read each other', async () => {
  const path = newFile();
  const records = await openRecordStore(path);
  await records.createTask(makeRequest('t'), '2026-01-01T00:00:00.000Z');
  const other = startProcess(
    path,
    `for (let n = 0; n < 100; n++) await records.appendRevision({ ...revision, decisionId: 'theirs ' + n });`,
  );
  const exited = once(other, 'exit');
  for (let n = 0; n < 100; n++) await records.appendRevision(makeRevision('t', { decisionId: `ours ${n}` }));
  expect(await exited).toEqual([0, null]);
  const revisions = await records.revisions('t');
  expect(revisions.map(({ revision }) => revision)).toEqual(Array.from({ length: 200 }, (_, index) => index + 1));
  expect(new Set(revisions.map(({ decisionId }) => decisionId)).size).toBe(200);
  await records.close();
});

test('what was answered as recorded is there after the process was killed', async () => {
  const path = newFile();
  const child = startProcess(
    path,
    `await records.createTask(request, '2026-01-01T00:00:00.000Z');
     for (let n = 1; ; n++) {
       await records.appendRevision({ ...revision, decisionId: 'd ' + n });
       process.stdout.write(n + '\\n');
     }`,
  );
  let printed = '';
  for await (const text of child.stdout?.setEncoding('utf8') ?? []) {
    printed += String(text);
    if (printed.split('\n').length > 20) child.kill('SIGKILL');
  }
  const answered = Number(printed.trim().split('\n').at(-1));
  const records = await openRecordStore(path);
  const kept = (await records.revisions('t')).length;
  // One more when the kill fell between recording and answering.
  expect([answered, answered + 1]).toContain(kept);
  await records.close();
});

test('records are there after closing and opening again', async () => {
  const path = newFile();
  const first = await openRecordStore(path);
  await first.createTask(makeRequest('t'), '2026-01-01T00:00:00.000Z');
  const recorded = await first.appendRevision(makeRevision('t'));
  await first.close();
  const second = await openRecordStore(path);
  expect(await second.revisions('t')).toStrictEqual([recorded]);
  await second.close();
});

test('stores on one file in one process write at the same time, and each lives until it is closed itself', async () => {
  const path = newFile();
  const [one, two] = await Promise.all([openRecordStore(path), openRecordStore(path)]);
  await one.createTask(makeRequest('t'), '2026-01-01T00:00:00.000Z');
  const stores = Array.from({ length: 40 }, (_, index) => (index % 2 === 0 ? one : two));
  await Promise.all(stores.map((store, n) => store.appendRevision(makeRevision('t', { decisionId: `d-${n}` }))));
  await one.close();
  await one.close();
  expect(await two.revisions('t')).toHaveLength(40);
  await two.close();
  await expect(two.revisions('t')).rejects.toThrow();
});

test('the database itself refuses to change, replace, renumber or remove a verdict', async () => {
  const path = newFile();
  const records = await openRecordStore(path);
  await records.createTask(makeRequest('t'), '2026-01-01T00:00:00.000Z');
  const recorded = await records.appendRevision(makeRevision('t'));
  const database = new Database(path);
  const row = `select task_id, revision, origin, 'pass', verdict, recorded_at, reviewer, reason, decision_id from verdicts`;
  for (const statement of [
    `update verdicts set suggestion = 'pass'`,
    'delete from verdicts',
    `insert or replace into verdicts ${row}`,
    `insert into verdicts ${row.replace('revision', '7')}`,
  ]) {
    expect(() => database.exec(statement)).toThrow('verdicts are append-only');
  }
  database.close();
  expect(await records.revisions('t')).toStrictEqual([recorded]);
  await records.close();
});

test('tasks recorded before they had a type and tags are found and listed', async () => {
  const path = newFile();
  const old = new Kysely({ dialect: libsqlDialect(path) });
  await mkdir(dirname(path), { recursive: true });
  const { '0001-tables': tables, ...rest } = tableMigrations('text');
  expect(Object.keys(rest)).toContain('0004-projects-and-tags');
  const { '0002-append-only': appendOnly } = APPEND_ONLY_MIGRATIONS;
  await migrate(old, path, { '0001-tables': tables!, '0002-append-only': appendOnly });
  const { taskType, tags, definition, ...request } = makeRequest('t');
  const row = [JSON.stringify(request), 'Running', '', '', '2026-01-01T00:00:00Z', Date.UTC(2026, 0, 1)];
  await old.executeQuery(
    CompiledQuery.raw(
      `insert into tasks (task_id, request, status, code, message, start_time, started_ms) values ('t', ?, ?, ?, ?, ?, ?)`,
      row,
    ),
  );
  await old.destroy();
  const records = await openRecordStore(path);
  const page = await records.queryTasks({ project: 'default', sort: 'TaskId', order: 'asc', limit: 10 });
  expect(page.tasks.map((task) => task.request)).toEqual([{ ...request, taskType, tags, definition }]);
  await records.close();
});

test('the file keeps a write-ahead log, so that readers and a writer do not wait for each other', async () => {
  const path = newFile();
  await (await openRecordStore(path)).close();
  const database = new Database(path);
  expect(database.pragma('journal_mode')).toEqual([{ journal_mode: 'wal' }]);
  database.close();
});

test('a file that a newer version wrote is refused with what to do', async () => {
  const path = newFile();
  await (await openRecordStore(path)).close();
  const database = new Database(path);
  database.exec(`insert into kysely_migration values ('0999-from-the-future', '2030-01-01T00:00:00.000Z')`);
  database.close();
  const opening = openRecordStore(path);
  await expect(opening).rejects.toThrow(MigrationFailedError);
  await expect(opening).rejects.toThrow(/0999-from-the-future.*use that version, or another directory with --data/);
});

test('a file that is no database is refused and left as it is', async () => {
  const path = join(directory, 'notes.txt');
  const text = 'Not a database, but long enough to be looked at as one.\n'.repeat(20);
  await writeFile(path, text);
  await expect(openRecordStore(path)).rejects.toThrow(MigrationFailedError);
  expect(await readFile(path, 'utf8')).toBe(text);
});
