import { mkdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { Kysely } from 'kysely';
import { migrate, TABLE_MIGRATIONS } from '../sql/migrations.js';
import type { Db, Tables } from '../sql/tables.js';
import { APPEND_ONLY_MIGRATIONS } from './append-only.js';
import { libsqlDialect } from './dialect.js';

/** A database that stores of this process share. */
interface Shared {
  db: Db;
  /** Settles once the schema is the newest. */
  ready: Promise<void>;
  users: number;
}

/**
 * Open databases by absolute path. A second connection in one process would wait for the transaction of the first with the event loop at a stand,
 * and so keep it from ending.
 */
const shared = new Map<string, Shared>();

/** A use of a database. */
export interface DatabaseUse {
  db: Db;
  /** Ends this use; the database is closed with the last one. Safe to call twice. */
  close: () => Promise<void>;
}

/**
 * Opens a SQLite file for one more store, which is made, with its directory, when missing and brought to the newest schema.
 * @throws {MigrationFailedError}
 */
export async function useDatabase(path: string): Promise<DatabaseUse> {
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
  return { db: database.db, close };
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
