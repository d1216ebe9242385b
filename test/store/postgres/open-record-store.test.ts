import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Client } from 'pg';
import { openRecordStore } from '../../../src/store/postgres/open-record-store.js';
import { useDatabase } from '../../../src/store/postgres/shared-database.js';
import { MigrationFailedError } from '../../../src/store/sql/migrations.js';
import { emptyPostgres, newPostgres } from '../../support/postgres.js';
import { makeRequest, makeRevision } from '../make-records.js';
import { queryContract, withShortPages } from '../query-contract.js';
import { recordStoreContract } from '../record-store-contract.js';

recordStoreContract('Postgres', async () => openRecordStore(await emptyPostgres()));
queryContract('Postgres, on short pages', async () => withShortPages(await useDatabase(await emptyPostgres())));

const MODULE = pathToFileURL(resolve('dist/store/postgres/open-record-store.js')).href;

/** Starts a process that has `records` open and runs this code. */
function startProcess(url: string, code: string): ChildProcess {
  const program = `
    import { openRecordStore } from ${JSON.stringify(MODULE)};
    const records = await openRecordStore(${JSON.stringify(url)});
    const taskId = 't', revision = ${JSON.stringify(makeRevision('t'))}, request = ${JSON.stringify(makeRequest('t'))};
    ${code}
    await records.close();`;
  return spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
}

/** Runs statements as an operator might. */
async function asOperator<T>(url: string, use: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}

test('processes that open a new database at the same time all find its tables', async () => {
  const url = await newPostgres();
  const processes = Array.from({ length: 6 }, (_, index) =>
    startProcess(url, `await records.createTask({ ...request, taskId: 't${index}' }, '2026-01-01T00:00:00.000Z');`),
  );
  const codes = await Promise.all(processes.map(async (child) => (await once(child, 'exit'))[0] as unknown));
  expect(codes).toEqual(processes.map(() => 0));
  const records = await openRecordStore(url);
  expect(await records.listTasks({ limit: 10 })).toHaveLength(6);
  await records.close();
});

test('two processes that write at the same time lose nothing and read each other', async () => {
  const url = await newPostgres();
  const records = await openRecordStore(url);
  await records.createTask(makeRequest('t'), '2026-01-01T00:00:00.000Z');
  const other = startProcess(
    url,
    `for (let n = 0; n < 100; n++) await records.appendRevision({ ...revision, decisionId: 'theirs ' + n });`,
  );
  const exited = once(other, 'exit');
  for (let n = 0; n < 100; n++) await records.appendRevision(makeRevision('t', { decisionId: `ours ${n}` }));
  expect(await exited).toEqual([0, null]);
  const revisions = await records.revisions('t');
  expect(revisions.map(({ revision }) => revision)).toEqual(Array.from({ length: 200 }, (_, index) => index + 1));
  await records.close();
});

test('the database itself refuses to change, replace, renumber or remove a verdict', async () => {
  const url = await newPostgres();
  const records = await openRecordStore(url);
  await records.createTask(makeRequest('t'), '2026-01-01T00:00:00.000Z');
  const recorded = await records.appendRevision(makeRevision('t'));
  const row = `select task_id, revision, origin, 'pass', verdict, recorded_at, reviewer, reason, decision_id from verdicts`;
  const replace = 'on conflict (task_id, revision) do update set suggestion = excluded.suggestion';
  await asOperator(url, async (client) => {
    for (const statement of [
      `update verdicts set suggestion = 'pass'`,
      'delete from verdicts',
      'truncate verdicts',
      'truncate tasks cascade',
      `insert into verdicts ${row} ${replace}`,
      `insert into verdicts ${row.replace('revision', '7')}`,
    ]) {
      await expect(client.query(statement)).rejects.toThrow('verdicts are append-only');
    }
  });
  expect(await records.revisions('t')).toStrictEqual([recorded]);
  await records.close();
});

test('an operator in another schema removes a task with its verdicts, and no verdict alone', async () => {
  const url = await newPostgres();
  const records = await openRecordStore(url);
  await records.createTask(makeRequest('t'), '2026-01-01T00:00:00.000Z');
  await records.appendRevision(makeRevision('t'));
  const schema = decodeURIComponent(url).split('search_path=')[1]!;
  await asOperator(await newPostgres(), async (client) => {
    await expect(client.query(`delete from ${schema}.verdicts`)).rejects.toThrow('verdicts are append-only');
    await client.query(`delete from ${schema}.tasks`);
  });
  expect(await records.revisions('t')).toEqual([]);
  await records.close();
});

test('stores on one database in one process share its connections, and each lives until it is closed itself', async () => {
  const url = await newPostgres();
  const [one, two] = await Promise.all([openRecordStore(url), openRecordStore(url)]);
  await one.createTask(makeRequest('t'), '2026-01-01T00:00:00.000Z');
  const stores = Array.from({ length: 40 }, (_, index) => (index % 2 === 0 ? one : two));
  await Promise.all(stores.map((store, n) => store.appendRevision(makeRevision('t', { decisionId: `d-${n}` }))));
  await one.close();
  await one.close();
  expect(await two.revisions('t')).toHaveLength(40);
  await two.close();
  await expect(two.revisions('t')).rejects.toThrow();
});

test('a connection that the server ends is replaced', async () => {
  const url = await newPostgres();
  // Other files' connections to the server that all share are left alone.
  const records = await openRecordStore(`${url}&application_name=ended`);
  await records.createTask(makeRequest('t'), '2026-01-01T00:00:00.000Z');
  const ended = await asOperator(url, (client) =>
    client.query(`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'ended'`),
  );
  expect(ended.rowCount).toBeGreaterThan(0);
  // Until the pool has heard of it, a query may still meet the old one.
  const find = () => records.findTask('t').catch(() => null);
  while ((await find()) === null) await new Promise((done) => setTimeout(done, 20));
  await records.close();
});

test('a database that a newer version wrote is refused with what to do', async () => {
  const url = await newPostgres();
  await (await openRecordStore(url)).close();
  await asOperator(url, (client) =>
    client.query(`insert into kysely_migration values ('0999-from-the-future', '2030-01-01T00:00:00.000Z')`),
  );
  await expect(openRecordStore(url)).rejects.toThrow(/0999-from-the-future.*use that version/);
});

test.each([
  ['a schema that is not there', (url: string) => url.replace(/test_\w+$/, 'nowhere'), /search_path names no schema/],
  ['no server at all', () => 'postgresql://user:geheim@127.0.0.1:1/records', /records at 127\.0\.0\.1:1.*ECONNREFUSED/],
])('%s is refused in a sentence without the password', async (_, change, message) => {
  const opening = openRecordStore(change(await newPostgres()));
  await expect(opening).rejects.toThrow(MigrationFailedError);
  await expect(opening).rejects.toThrow(message);
  await expect(opening).rejects.not.toThrow('geheim');
});
