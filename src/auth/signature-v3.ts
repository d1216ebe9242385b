import { createHash, createHmac } from 'node:crypto';
import {
  incompleteSignature,
  invalidParameter,
  invalidSignatureMethod,
  missingParameter,
  signatureDoesNotMatch,
} from '../domain/imm-error.js';
import { assertUnique, canonicalPairs, encodePath } from './canonical.js';
import type { SignatureClaim } from './claim.js';
import { headerOf, type SignedRequest } from './signed-request.js';

const ALGORITHM = 'ACS3-HMAC-SHA256';
/** `,` parts the fields, `;` the names of signed headers; clients put no space, some proxies' logs suggest one. */
const FIELDS = /^Credential=([^,\s]+), ?SignedHeaders=([^,\s]+), ?Signature=([^,\s]+)$/;

/** What has to be there and signed, or the signature says nothing of the operation, the time or the body. */
const REQUIRED = [
  'host',
  'x-acs-action',
  'x-acs-version',
  'x-acs-date',
  'x-acs-signature-nonce',
  'x-acs-content-sha256',
] as const;
/** What must be signed where it is there, because it is acted on. */
const SIGNED_WHEN_GIVEN = ['x-acs-security-token', 'x-acs-accesskey-id'] as const;

/**
 * Reads a signature of version 3 (IMM reference, "Signature V3"), whose HMAC is over method, path, query, the named headers and the body's hash.
 * @throws {ImmError} for what cannot be a signature, and for a body that is not the one whose hash was signed
 */
export function readV3(request: SignedRequest, authorization: string): SignatureClaim {
  const space = authorization.indexOf(' ');
  const algorithm = space === -1 ? authorization : authorization.slice(0, space);
  if (algorithm !== ALGORITHM) throw invalidSignatureMethod(nameOf(algorithm));
  const [, accessKeyId, signedHeaders, signature] = FIELDS.exec(authorization.slice(space + 1)) ?? [];
  if (accessKeyId === undefined || signedHeaders === undefined || signature === undefined)
    throw incompleteSignature('is malformed: expected Credential=<id>,SignedHeaders=<a;b>,Signature=<hex>');

  const signed = new Set(signedHeaders.split(';'));
  const [, , , timestamp, nonce, bodyHash] = REQUIRED.map((name) => required(request, signed, name));
  if (timestamp === undefined || nonce === undefined || bodyHash === undefined) throw signatureDoesNotMatch();
  const conditional = request.body.length > 0 ? [...SIGNED_WHEN_GIVEN, 'content-type'] : SIGNED_WHEN_GIVEN;
  for (const name of conditional) if (request.headers.has(name)) required(request, signed, name);
  if ((headerOf(request, 'x-acs-accesskey-id') ?? accessKeyId) !== accessKeyId)
    throw invalidParameter('x-acs-accesskey-id', 'the access key of the Authorization header');
  assertUnique(request.query);
  assertUnique(request.form);
  if (bodyHash !== sha256(request.body)) throw signatureDoesNotMatch();

  const stringToSign = `${ALGORITHM}\n${sha256(canonicalRequest(request, signedHeaders, bodyHash))}`;
  return {
    accessKeyId,
    securityToken: headerOf(request, 'x-acs-security-token'),
    timestamp,
    nonce,
    signature,
    sign: (secret) => createHmac('sha256', secret).update(stringToSign).digest('hex'),
  };
}

function canonicalRequest(request: SignedRequest, signedHeaders: string, bodyHash: string): string {
  const headers = signedHeaders.split(';').map((name) => {
    const values = (request.headers.get(name) ?? []).map((value) => value.trim());
    return `${name}:${values.sort().join(',')}\n`;
  });
  return [
    request.method,
    encodePath(request.path),
    canonicalPairs(request.query),
    headers.join(''),
    signedHeaders,
    bodyHash,
  ].join('\n');
}

function required(request: SignedRequest, signed: ReadonlySet<string>, name: string): string {
  const value = headerOf(request, name);
  if (value === null) throw missingParameter(name);
  if (!signed.has(name)) throw incompleteSignature(`does not cover the header ${name}: expected it in SignedHeaders`);
  return value;
}

const sha256 = (data: Buffer | string): string => createHash('sha256').update(data).digest('hex');

/** What a client called its method, when that can be repeated to it. */
const nameOf = (algorithm: string): string => (/^[\w.-]{1,40}$/.test(algorithm) ? algorithm : 'given');
