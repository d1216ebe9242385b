import { customAlphabet } from 'nanoid';
import type { AccessKey } from '../store/access-keys.js';

const LETTERS_AND_DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
// Letters and digits only: ids and secrets are copied by double click and parted by commas and slashes.
const idPart = customAlphabet(LETTERS_AND_DIGITS, 20);
/** 238 bits of chance; HMAC-SHA256 is no stronger than 256. */
const secretPart = customAlphabet(LETTERS_AND_DIGITS, 40);

/** Account of a development server, and of keys that are made for no other. */
export const DEV_ACCOUNT_ID = '1000000000000000';

/** Whom a new access key is for. */
export interface NewAccessKey {
  accountId: string;
  /** `null`: the account's owner. */
  userName: string | null;
  /** Whether requests have to carry a security token beside. */
  temporary?: boolean;
}

/** Draws an access key; it counts once it has been stored. */
export function newAccessKey({ accountId, userName, temporary = false }: NewAccessKey, now: number): AccessKey {
  return {
    accessKeyId: `FWAK${idPart()}`,
    accountId,
    userName,
    secret: secretPart(),
    securityToken: temporary ? secretPart() + secretPart() : null,
    status: 'Active',
    createdAt: new Date(now).toISOString(),
  };
}
