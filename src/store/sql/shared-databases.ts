import type { Db } from './tables.js';

/** A database that stores of this process share. */
interface Shared {
  db: Db;
  /** Settles once the schema is the newest. */
  ready: Promise<void>;
  users: number;
}

/** A use of a database. */
export interface DatabaseUse {
  db: Db;
  /** Ends this use; the database is closed with the last one. Safe to call twice. */
  close: () => Promise<void>;
}

/**
 * Answers how to use databases by their location, each opened once in this process.
 * @param open connects, and answers what brings the schema to the newest
 */
export function sharedDatabases(
  open: (location: string) => { db: Db; prepare: () => Promise<void> },
): (location: string) => Promise<DatabaseUse> {
  const shared = new Map<string, Shared>();
  const share = (location: string): Shared => {
    const { db, prepare } = open(location);
    const database = { db, ready: prepare(), users: 0 };
    shared.set(location, database);
    return database;
  };
  return async (location) => {
    const database = shared.get(location) ?? share(location);
    database.users++;
    let isOpen = true;
    const close = async () => {
      if (!isOpen) return;
      isOpen = false;
      if (--database.users > 0) return;
      shared.delete(location);
      await database.db.destroy();
    };
    try {
      await database.ready;
    } catch (error) {
      await close();
      throw error;
    }
    return { db: database.db, close };
  };
}
