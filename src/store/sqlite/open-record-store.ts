import type { RecordStore } from '../records.js';
import { createRecordStore } from '../sql/record-store.js';
import { useDatabase } from './shared-database.js';

/**
 * Opens the record store in a SQLite file, which is made, with its directory, when missing and brought to the newest schema.
 * Any number of processes may have it open, each any number of times. Closing a store twice is fine.
 * @throws {MigrationFailedError}
 */
export async function openRecordStore(path: string): Promise<RecordStore> {
  const { db, close } = await useDatabase(path);
  return createRecordStore(db, close);
}
