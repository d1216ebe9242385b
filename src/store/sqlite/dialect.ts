import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  SqliteAdapter,
  SqliteDriver,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import Database from 'libsql';

/**
 * Milliseconds that a statement waits for another process's transaction before it fails.
 * A write takes about a millisecond; 10 s is what a disk in trouble may take, and the event loop waits with it.
 */
const BUSY_TIMEOUT_MS = 10_000;

/** Schema changes are part of the transaction on SQLite, whatever Kysely's own adapter says, so that a crash leaves none half made. */
class TransactionalAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

/** Takes the write lock at once: a transaction that reads first fails without waiting when another process wrote meanwhile. */
class ImmediateDriver extends SqliteDriver {
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'));
  }
}

function openDatabase(path: string): Database.Database {
  const database = new Database(path, { timeout: BUSY_TIMEOUT_MS });
  // Readers and one writer at once, also from several processes.
  database.pragma('journal_mode = wal');
  // What was answered as recorded survives a power cut: WAL alone promises that for a crash of the process only.
  database.pragma('synchronous = full');
  database.pragma('foreign_keys = on');
  return database;
}

/** Kysely's SQLite dialect on `libsql`, whose statements have the interface of better-sqlite3's. */
export function libsqlDialect(path: string): Dialect {
  return {
    createAdapter: () => new TransactionalAdapter(),
    createDriver: () => new ImmediateDriver({ database: () => Promise.resolve(openDatabase(path)) }),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createIntrospector: (db) => new SqliteIntrospector(db),
  };
}
