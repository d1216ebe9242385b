import { join } from 'node:path';
import Database from 'libsql';
import { errorCode } from '../domain/error-code.js';

/** The sole right to a data directory. The kernel holds it: it ends with the process, however that ends. */
export interface OwnerLock {
  release(): void;
}

/** Takes the lock of an existing data directory, or answers `null` at once while another process (or caller) holds it. */
export function tryLock(dataDir: string): OwnerLock | null {
  // An exclusive SQLite transaction is the one portable kernel lock that Node reaches without a native module of our own.
  const database = new Database(join(dataDir, 'owner.lock'), { timeout: 0 });
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if (errorCode(error)?.startsWith('SQLITE_BUSY') === true) return null;
    throw error;
  }
  return {
    release() {
      database.close();
    },
  };
}
