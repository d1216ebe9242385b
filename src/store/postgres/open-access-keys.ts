import type { AccessKeyList, AccessKeyStore, SecretBox } from '../access-keys.js';
import { accessKeyList, accessKeyStore } from '../sql/access-keys.js';
import { useDatabase } from './shared-database.js';

/**
 * Opens the access keys in the record store's Postgres database; any number of processes may have them open.
 * @throws {MigrationFailedError}
 */
export async function openAccessKeys(url: string, box: SecretBox): Promise<AccessKeyStore> {
  const { db, close } = await useDatabase(url);
  return accessKeyStore(db, box, close);
}

/**
 * The same for who has not the key of the secrets.
 * @throws {MigrationFailedError}
 */
export async function openAccessKeyList(url: string): Promise<AccessKeyList> {
  const { db, close } = await useDatabase(url);
  return accessKeyList(db, close);
}
