import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { useDatabase } from '../../../src/store/sqlite/shared-database.js';
import { auditContract } from '../audit-contract.js';

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
