import { sql } from 'kysely';
import { useDatabase } from '../../../src/store/postgres/shared-database.js';
import { newPostgres } from '../../support/postgres.js';
import { auditContract } from '../audit-contract.js';

auditContract(
  'Postgres',
  async () => useDatabase(await newPostgres()),
  async ({ db }) => {
    for (const table of ['audit_events', 'audit_head'])
      await sql`alter table ${sql.table(table)} disable trigger user`.execute(db);
  },
);
