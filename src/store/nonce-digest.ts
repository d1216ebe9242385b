import { createHash } from 'node:crypto';

/** 128 bits, whatever the length of a nonce; two that fall together only concern whoever searched for them. */
export function nonceDigest(accessKeyId: string, nonce: string): Buffer {
  return createHash('sha256').update(`${accessKeyId}\n${nonce}`).digest().subarray(0, 16);
}
