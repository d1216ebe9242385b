export const ACCESS_KEY_STATUSES = ['Active', 'Inactive'] as const;
export type AccessKeyStatus = (typeof ACCESS_KEY_STATUSES)[number];

/** An access key without what has to be kept secret. */
export interface ListedAccessKey {
  accessKeyId: string;
  accountId: string;
  /** `null`: the account's owner. */
  userName: string | null;
  status: AccessKeyStatus;
  /** ISO 8601, UTC. */
  createdAt: string;
  /** Whether it goes with a security token. */
  temporary: boolean;
}

/** An access key as requests are verified by it. */
export interface AccessKey extends Omit<ListedAccessKey, 'temporary'> {
  /** HMAC key; never logged. */
  secret: string;
  /** What requests must carry beside the signature; `null`: nothing. */
  securityToken: string | null;
}

/** What can be done without the secrets. */
export interface AccessKeyList {
  /** The oldest first. */
  list(): Promise<ListedAccessKey[]>;
  /** Disables a key for good; `false` when there is none of this id. Doing it twice is fine. */
  disable(accessKeyId: string): Promise<boolean>;
  /** Safe to call twice. */
  close(): Promise<void>;
}

/** Access keys, whose secrets are encrypted at rest. */
export interface AccessKeyStore extends AccessKeyList {
  /** @throws {AccessKeyExistsError} */
  create(key: AccessKey): Promise<void>;
  /**
   * `null` when there is none of this id, whatever its status.
   * @throws {UnreadableSecretError}
   */
  find(accessKeyId: string): Promise<AccessKey | null>;
}

/** Encrypts and decrypts what is stored. */
export interface SecretBox {
  /** @param purpose what the text is for: the box opens for the same purpose only, so that rows cannot be exchanged */
  seal(text: string, purpose: string): string;
  /** `null` when it was sealed with another key, for another purpose, or was changed. */
  open(sealed: string, purpose: string): string | null;
}

/** Thrown when an access key of this id is there already. */
export class AccessKeyExistsError extends Error {
  override name = 'AccessKeyExistsError' as const;
  constructor(readonly accessKeyId: string) {
    super(`Expected a new access key id, got ${accessKeyId}, which exists.`);
  }
}

/** Thrown when a stored secret does not open. */
export class UnreadableSecretError extends Error {
  override name = 'UnreadableSecretError' as const;
  constructor(readonly accessKeyId: string) {
    super(
      `Expected to decrypt the secret of access key ${accessKeyId}, but it was encrypted with another key or was changed: ` +
        'set FRAMEWARDEN_SECRET_KEY to the value that it was made with, or make a new access key.',
    );
  }
}
