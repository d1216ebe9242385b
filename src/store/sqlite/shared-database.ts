import { mkdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { Kysely } from 'kysely';
import { migrate, tableMigrations } from '../sql/migrations.js';
import { type DatabaseUse, sharedDatabases } from '../sql/shared-databases.js';
import type { Tables } from '../sql/tables.js';
import { APPEND_ONLY_MIGRATIONS } from './append-only.js';
import { libsqlDialect } from './dialect.js';

/**
 * By absolute path. A second connection in one process would wait for the transaction of the first with the event loop at a stand,
 * and so keep it from ending.
 */
const useFile = sharedDatabases((file) => {
  const db = new Kysely<Tables>({ dialect: libsqlDialect(file) });
  const prepare = async () => {
    await mkdir(dirname(file), { recursive: true });
    await migrate(db, file, { ...tableMigrations('text'), ...APPEND_ONLY_MIGRATIONS });
  };
  return { db, prepare };
});

/**
 * Opens a SQLite file for one more store, which is made, with its directory, when missing and brought to the newest schema.
 * @throws {MigrationFailedError}
 */
export async function useDatabase(path: string): Promise<DatabaseUse> {
  return await useFile(resolve(path));
}
