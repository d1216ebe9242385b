import type { RamPolicy } from '../schema/ram-policy.js';

/** Who signed a request. */
export interface Principal {
  accessKeyId: string;
  accountId: string;
  /** `null`: the account's owner. */
  userName: string | null;
  /** Whether the access key goes with a security token. */
  temporary: boolean;
  /** Identity policies of the user. */
  policies: readonly RamPolicy[];
}

/** The policies of a user; none for one that is not configured, who may then do nothing. */
export type PoliciesOf = (accountId: string, userName: string | null) => readonly RamPolicy[];
