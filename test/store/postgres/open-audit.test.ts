import { sql } from 'kysely';
import { useDatabase } from '../../../src/store/postgres/shared-database.js';
import { emptyPostgres } from '../../support/postgres.js';
import { auditContract } from '../audit-contract.js';

auditContract(
  'Postgres',
  async () => useDatabase(await emptyPostgres()),
  async ({ db }) => {
    for (const table of ['audit_events', 'audit_head'])
      await sql`alter table ${sql.table(table)} disable trigger user`.execute(db);
  },
);
