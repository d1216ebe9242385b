import type { Selectable } from 'kysely';
import {
  AccessKeyExistsError,
  type AccessKeyList,
  type AccessKeyStore,
  type ListedAccessKey,
  type SecretBox,
  UnreadableSecretError,
} from '../access-keys.js';
import type { AccessKeyTable, Db } from './tables.js';

/** What can be done to access keys without their secrets. `close` ends the use of the database. */
export function accessKeyList(db: Db, close: () => Promise<void>): AccessKeyList {
  return {
    async list() {
      const rows = await db
        .selectFrom('access_keys')
        .selectAll()
        .orderBy('created_at')
        .orderBy('access_key_id')
        .execute();
      return rows.map(listed);
    },
    async disable(accessKeyId) {
      const { numUpdatedRows } = await db
        .updateTable('access_keys')
        .set({ status: 'Inactive' })
        .where('access_key_id', '=', accessKeyId)
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },
    close,
  };
}

/** The access keys on a database that has the newest schema. `close` ends the use of it. */
export function accessKeyStore(db: Db, box: SecretBox, close: () => Promise<void>): AccessKeyStore {
  return {
    ...accessKeyList(db, close),
    async create({ accessKeyId, accountId, userName, status, createdAt, secret, securityToken }) {
      const { numInsertedOrUpdatedRows } = await db
        .insertInto('access_keys')
        .values({
          access_key_id: accessKeyId,
          account_id: accountId,
          user_name: userName,
          status,
          created_at: createdAt,
          sealed_secret: box.seal(secret, secretOf(accessKeyId)),
          sealed_token: securityToken === null ? null : box.seal(securityToken, tokenOf(accessKeyId)),
        })
        .onConflict((conflict) => conflict.column('access_key_id').doNothing())
        .executeTakeFirst();
      if (numInsertedOrUpdatedRows !== 1n) throw new AccessKeyExistsError(accessKeyId);
    },
    async find(accessKeyId) {
      const row = await db
        .selectFrom('access_keys')
        .selectAll()
        .where('access_key_id', '=', accessKeyId)
        .executeTakeFirst();
      if (row === undefined) return null;
      const open = (sealed: string, purpose: string): string => {
        const text = box.open(sealed, purpose);
        if (text === null) throw new UnreadableSecretError(accessKeyId);
        return text;
      };
      return {
        accessKeyId,
        accountId: row.account_id,
        userName: row.user_name,
        status: row.status,
        createdAt: row.created_at,
        secret: open(row.sealed_secret, secretOf(accessKeyId)),
        securityToken: row.sealed_token === null ? null : open(row.sealed_token, tokenOf(accessKeyId)),
      };
    },
  };
}

const secretOf = (accessKeyId: string): string => `secret of ${accessKeyId}`;
const tokenOf = (accessKeyId: string): string => `security token of ${accessKeyId}`;

function listed(row: Selectable<AccessKeyTable>): ListedAccessKey {
  return {
    accessKeyId: row.access_key_id,
    accountId: row.account_id,
    userName: row.user_name,
    status: row.status,
    createdAt: row.created_at,
    temporary: row.sealed_token !== null,
  };
}
