import { mkdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { Kysely } from 'kysely';
import type { RecordStore } from '../records.js';
import { migrate, TABLE_MIGRATIONS } from '../sql/migrations.js';
import { createRecordStore } from '../sql/record-store.js';
import type { Tables } from '../sql/tables.js';
import { APPEND_ONLY_MIGRATIONS } from './append-only.js';
import { libsqlDialect } from './dialect.js';

/** A database that stores of this process share. */
interface Shared {
  db: Kysely<Tables>;
  /** Settles once the schema is the newest. */
  ready: Promise<void>;
  users: number;
}

/**
 * Open databases by absolute path. A second connection in one process would wait for the transaction of the first with the event loop at a stand,
 * and so keep it from ending.
 */
const shared = new Map<string, Shared>();

/**
 * Opens the record store in a SQLite file, which is made, with its directory, when missing and brought to the newest schema.
 * Any number of processes may have it open, each any number of times. Closing a store twice is fine.
 * @throws {MigrationFailedError}
 */
export async function openRecordStore(path: string): Promise<RecordStore> {
  const file = resolve(path);
  const database = shared.get(file) ?? share(file);
  database.users++;
  let open = true;
  const close = async () => {
    if (!open) return;
    open = false;
    if (--database.users > 0) return;
    shared.delete(file);
    await database.db.destroy();
  };
  try {
    await database.ready;
  } catch (error) {
    await close();
    throw error;
  }
  return createRecordStore(database.db, close);
}

function share(file: string): Shared {
  const db = new Kysely<Tables>({ dialect: libsqlDialect(file) });
  const prepare = async () => {
    await mkdir(dirname(file), { recursive: true });
    await migrate(db, file, { ...TABLE_MIGRATIONS, ...APPEND_ONLY_MIGRATIONS });
  };
  const database = { db, ready: prepare(), users: 0 };
  shared.set(file, database);
  return database;
}
