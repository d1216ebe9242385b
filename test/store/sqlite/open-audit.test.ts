import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { sql } from 'kysely';
import { useDatabase } from '../../../src/store/sqlite/shared-database.js';
import { openRecordStore } from '../../../src/store/sqlite/open-record-store.js';
import { auditContract, makeEvent } from '../audit-contract.js';
import { build } from '../../support/build.js';

let directory: string;
let n = 0;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'framewarden-audit-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const newFile = () => join(directory, `${++n}.db`);

auditContract(
  'SQLite',
  () => useDatabase(newFile()),
  async ({ db }) => {
    const { rows } = await sql<{ name: string }>`
      select name from sqlite_master where type = 'trigger' and name like 'audit_%'`.execute(db);
    for (const { name } of rows) await sql`drop trigger ${sql.id(name)}`.execute(db);
  },
);

const MODULE = pathToFileURL(resolve('dist/store/sqlite/open-record-store.js')).href;

/** Starts a process that appends one event after the other, and says so of each. */
function startAppending(path: string, name: string, count: number) {
  const program = `
    import { openRecordStore } from ${JSON.stringify(MODULE)};
    const { audit, close } = await openRecordStore(${JSON.stringify(path)});
    const event = ${JSON.stringify(makeEvent(1))};
    for (let n = 1; n <= ${count}; n++) {
      await audit.append([{ ...event, eventId: '${name} ' + n }]);
      process.stdout.write(n + '\\n');
    }
    await close();`;
  return spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
}

test('two processes that append at the same time make one chain, and who is killed loses nothing that was answered', async () => {
  await build();
  const path = newFile();
  const store = await openRecordStore(path);
  const { audit } = store;
  const [killed, other] = [startAppending(path, 'killed', 1e6), startAppending(path, 'other', 100)];
  const exited = once(other, 'exit');
  other.stdout.resume();
  let printed = '';
  for await (const text of killed.stdout.setEncoding('utf8')) {
    printed += String(text);
    if (printed.split('\n').length > 20) killed.kill('SIGKILL');
  }
  expect(await exited).toEqual([0, null]);
  const answered = Number(printed.trim().split('\n').at(-1));
  const events = await audit.page({ limit: 1000 });
  // One more when the kill fell between recording and answering.
  expect([answered, answered + 1]).toContain(events.filter(({ eventId }) => eventId.startsWith('killed')).length);
  expect(events.filter(({ eventId }) => eventId.startsWith('other'))).toHaveLength(100);
  expect(await audit.verify()).toMatchObject({ outcome: 'whole', rows: events.length });
  await store.close();
});
