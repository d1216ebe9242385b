import { createHmac } from 'node:crypto';
import {
  incompleteSignature,
  invalidParameter,
  invalidSignatureMethod,
  missingParameter,
} from '../domain/imm-error.js';
import { assertUnique, canonicalPairs, encodePath, percentEncode } from './canonical.js';
import type { SignatureClaim } from './claim.js';
import { valueOf, type Pair, type SignedRequest } from './signed-request.js';

/**
 * Reads a signature of version 1 (IMM reference, "Legacy signature V1"), whose HMAC is over method, path and all parameters but itself.
 * It covers no header: what is acted on has to come from the parameters.
 * @throws {ImmError} for what cannot be a signature
 */
export function readV1(request: SignedRequest): SignatureClaim {
  const parameters = [...request.query, ...request.form];
  assertUnique(parameters);
  // A body that is no form is not signed, and must not reach an operation.
  if (request.body.length > 0 && request.form.length === 0)
    throw incompleteSignature('of version 1.0 does not cover this body: expected a form, or no body');
  const method = required(parameters, 'SignatureMethod');
  if (method !== 'HMAC-SHA1') throw invalidSignatureMethod(/^[\w.-]{1,40}$/.test(method) ? method : 'given');
  if (required(parameters, 'SignatureVersion') !== '1.0') throw invalidParameter('SignatureVersion', '1.0');

  const signed = canonicalPairs(parameters.filter(([name]) => name !== 'Signature'));
  const stringToSign = [request.method, percentEncode(encodePath(request.path)), percentEncode(signed)].join('&');
  return {
    accessKeyId: required(parameters, 'AccessKeyId'),
    securityToken: valueOf(parameters, 'SecurityToken'),
    timestamp: required(parameters, 'Timestamp'),
    nonce: required(parameters, 'SignatureNonce'),
    signature: required(parameters, 'Signature'),
    sign: (secret) => createHmac('sha1', `${secret}&`).update(stringToSign).digest('base64'),
  };
}

function required(parameters: readonly Pair[], name: string): string {
  const value = valueOf(parameters, name);
  if (value === null) throw missingParameter(name);
  return value;
}
