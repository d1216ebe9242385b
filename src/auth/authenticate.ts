import { randomBytes, timingSafeEqual } from 'node:crypto';
import {
  accessKeyInactive,
  accessKeyNotFound,
  type ImmError,
  incompleteSignature,
  invalidSignatureMethod,
  missingSecurityToken,
  nonceUsed,
  securityTokenMismatch,
  signatureDoesNotMatch,
} from '../domain/imm-error.js';
import type { AccessKey, AccessKeyStore } from '../store/access-keys.js';
import type { NonceStore } from '../store/nonces.js';
import type { SignatureClaim } from './claim.js';
import { assertTimely, NONCE_LIFETIME_MS } from './clock-window.js';
import { signatureVersion } from './operation.js';
import type { PoliciesOf, Principal } from './principal.js';
import { readV1 } from './signature-v1.js';
import { readV3 } from './signature-v3.js';
import { headerOf, type SignedRequest, valueOf } from './signed-request.js';

/** What a request is authenticated against. */
export interface Authentication {
  keys: Pick<AccessKeyStore, 'find'>;
  /** Durable and shared by all API processes: a Create is never accepted twice. */
  nonces: NonceStore;
  /** Of this process. */
  readNonces: NonceStore;
  policiesOf: PoliciesOf;
  /** Milliseconds since 1970. */
  now: number;
  /** Whether the operation changes anything; decides where the nonce is remembered. */
  writes: boolean;
}

/** Signed with where there is no access key, so that an unknown one takes as long as a wrong signature. */
const NO_SECRET = randomBytes(20).toString('hex');

/**
 * Answers who signed this request: by ACS3-HMAC-SHA256 or, where the signature is a parameter, by HMAC-SHA1 of version 1.
 * A nonce counts as used only once the signature has been found good: nobody else can use up a client's nonces, or fill their store.
 * @throws {ImmError} with the documented code
 */
export async function authenticate(request: SignedRequest, against: Authentication): Promise<Principal> {
  const claim = read(request);
  assertTimely(claim.timestamp, against.now);
  const key = await against.keys.find(claim.accessKeyId);
  const matches = equal(claim.sign(key?.secret ?? NO_SECRET), claim.signature);
  if (key === null) throw accessKeyNotFound();
  if (!matches) throw signatureDoesNotMatch();
  const refusal = refusalOf(key, claim);
  if (refusal !== null) throw refusal;
  const nonces = against.writes ? against.nonces : against.readNonces;
  if (!(await nonces.use(key.accessKeyId, claim.nonce, against.now + NONCE_LIFETIME_MS))) throw nonceUsed();
  const { accessKeyId, accountId, userName } = key;
  const policies = against.policiesOf(accountId, userName);
  return { accessKeyId, accountId, userName, temporary: key.securityToken !== null, policies };
}

function read(request: SignedRequest): SignatureClaim {
  if (signatureVersion(request) === 1) return readV1(request);
  const authorization = headerOf(request, 'authorization');
  if (authorization !== null) return readV3(request, authorization);
  if (request.headers.has('authorization'))
    throw incompleteSignature('is malformed: expected one Authorization header');
  const type = headerOf(request, 'x-acs-signature-type') ?? valueOf(request.query, 'SignatureType');
  if (type?.toUpperCase() === 'BEARERTOKEN' || request.headers.has('x-acs-bearer-token'))
    throw invalidSignatureMethod('BEARERTOKEN');
  throw incompleteSignature('is absent: expected an Authorization header of ACS3-HMAC-SHA256');
}

function refusalOf(key: AccessKey, { securityToken }: SignatureClaim): ImmError | null {
  if (key.status !== 'Active') return accessKeyInactive();
  if (key.securityToken === null) return securityToken === null ? null : securityTokenMismatch();
  if (securityToken === null) return missingSecurityToken();
  return equal(key.securityToken, securityToken) ? null : securityTokenMismatch();
}

/** Compares in a time that depends on the lengths only. */
function equal(expected: string, given: string): boolean {
  const [a, b] = [Buffer.from(expected), Buffer.from(given)];
  return a.length === b.length && timingSafeEqual(a, b);
}
