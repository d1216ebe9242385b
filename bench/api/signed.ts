import { createHash, randomUUID } from 'node:crypto';
import { percentEncode } from '../../src/auth/canonical.js';
import { readV3 } from '../../src/auth/signature-v3.js';
import type { SignedRequest } from '../../src/auth/signed-request.js';
import type { AccessKey } from '../../src/store/access-keys.js';

export const PROJECT = 'bench';
const EMPTY = createHash('sha256').update('').digest('hex');
const SIGNED_HEADERS = 'host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version';

/** Path and headers of a POST signed by version 3, as clients send it. */
export function signed(
  key: AccessKey,
  host: string,
  action: string,
  asked: Record<string, string>,
): { path: string; headers: Record<string, string> } {
  const query = Object.entries({ ProjectName: PROJECT, ...asked });
  const headers: Record<string, string> = {
    host,
    'x-acs-action': action,
    'x-acs-content-sha256': EMPTY,
    'x-acs-date': `${new Date().toISOString().slice(0, 19)}Z`,
    'x-acs-signature-nonce': randomUUID(),
    'x-acs-version': '2020-09-30',
  };
  const request: SignedRequest = {
    method: 'POST',
    path: '/',
    query: query.map(([name, value]) => [name, value]),
    form: [],
    headers: new Map(Object.entries(headers).map(([name, value]) => [name, [value]])),
    body: Buffer.alloc(0),
    secure: false,
    sourceIp: '127.0.0.1',
  };
  const authorization = (signature: string): string =>
    `ACS3-HMAC-SHA256 Credential=${key.accessKeyId},SignedHeaders=${SIGNED_HEADERS},Signature=${signature}`;
  const signature = readV3(request, authorization('x')).sign(key.secret);
  const search = query.map(([name, value]) => `${percentEncode(name)}=${percentEncode(value)}`).join('&');
  return { path: `/?${search}`, headers: { ...headers, authorization: authorization(signature) } };
}
