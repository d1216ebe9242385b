import type { RecordStore } from '../records.js';
import { createRecordStore } from '../sql/record-store.js';
import { useDatabase } from './shared-database.js';

/**
 * Opens the record store in a Postgres database, which is brought to the newest schema.
 * Any number of processes may have it open, each any number of times. Closing a store twice is fine.
 * @param url `postgresql://user:password@host:port/database`
 * @throws {MigrationFailedError}
 */
export async function openRecordStore(url: string): Promise<RecordStore> {
  const { db, close } = await useDatabase(url);
  return createRecordStore(db, close);
}
