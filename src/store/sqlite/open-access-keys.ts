import type { AccessKeyList, AccessKeyStore, SecretBox } from '../access-keys.js';
import { accessKeyList, accessKeyStore } from '../sql/access-keys.js';
import { useDatabase } from './shared-database.js';

/**
 * Opens the access keys in the record store's SQLite file; any number of processes may have them open.
 * @throws {MigrationFailedError}
 */
export async function openAccessKeys(path: string, box: SecretBox): Promise<AccessKeyStore> {
  const { db, close } = await useDatabase(path);
  return accessKeyStore(db, box, close);
}

/**
 * The same for who has not the key of the secrets.
 * @throws {MigrationFailedError}
 */
export async function openAccessKeyList(path: string): Promise<AccessKeyList> {
  const { db, close } = await useDatabase(path);
  return accessKeyList(db, close);
}
