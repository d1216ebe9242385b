import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Kysely } from 'kysely';
import type { RecordStore } from '../records.js';
import { migrate, TABLE_MIGRATIONS } from '../sql/migrations.js';
import { createRecordStore } from '../sql/record-store.js';
import type { Tables } from '../sql/tables.js';
import { APPEND_ONLY_MIGRATIONS } from './append-only.js';
import { libsqlDialect } from './dialect.js';

/**
 * Opens the record store in a SQLite file, which is made, with its directory, when missing and brought to the newest schema.
 * Several processes may have it open. Within one process open it once: a second store there that waits for the first would keep it from going on.
 * @throws {MigrationFailedError}
 */
export async function openRecordStore(path: string): Promise<RecordStore> {
  await mkdir(dirname(path), { recursive: true });
  const db = new Kysely<Tables>({ dialect: libsqlDialect(path) });
  try {
    await migrate(db, path, { ...TABLE_MIGRATIONS, ...APPEND_ONLY_MIGRATIONS });
  } catch (error) {
    await db.destroy();
    throw error;
  }
  return createRecordStore(db);
}
