import { createHash, createHmac, randomBytes } from 'node:crypto';

/**
 * A signer of its own, written from the protocol's description and knowing nothing of `src`: what it signs is what clients send, not what the service
 * happens to check.
 */
export interface SignableRequest {
  method: string;
  path: string;
  query: [string, string][];
  form: [string, string][];
  headers: Map<string, string[]>;
  body: Buffer;
  secure: boolean;
  sourceIp: string;
}

export interface SigningKey {
  accessKeyId: string;
  secret: string;
  securityToken?: string | null;
}

export interface Wanted {
  action: string;
  /** ISO 8601 in whole seconds. */
  date: string;
  method?: 'POST' | 'GET';
  path?: string;
  host?: string;
  nonce?: string;
  query?: Record<string, string>;
  form?: Record<string, string>;
  /** More headers; those that begin with x-acs- are signed. */
  headers?: Record<string, string>;
}

/** RFC 3986 by the byte, not by `encodeURIComponent`. */
export function encode(text: string): string {
  return [...Buffer.from(text)]
    .map((byte) => {
      const sign = String.fromCharCode(byte);
      return /[A-Za-z0-9\-_.~]/.test(sign) ? sign : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    })
    .join('');
}

const hex = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex');
const byName = ([a]: [string, string], [b]: [string, string]): number => Buffer.compare(Buffer.from(a), Buffer.from(b));
const joined = (pairs: [string, string][]): string =>
  pairs
    .sort(byName)
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .join('&');

function base(wanted: Wanted): SignableRequest {
  const form = Object.entries(wanted.form ?? {});
  const headers = new Map([['host', [wanted.host ?? 'imm.example.test:8080']]]);
  if (form.length > 0) headers.set('content-type', ['application/x-www-form-urlencoded']);
  for (const [name, value] of Object.entries(wanted.headers ?? {})) headers.set(name, [value]);
  return {
    method: wanted.method ?? 'POST',
    path: wanted.path ?? '/',
    query: Object.entries(wanted.query ?? {}),
    form,
    headers,
    body: Buffer.from(joined([...form])),
    secure: false,
    sourceIp: '192.0.2.1',
  };
}

/** Signs as the current clients do: ACS3-HMAC-SHA256 in the Authorization header. */
export function signV3(key: SigningKey, wanted: Wanted): SignableRequest {
  const request = base(wanted);
  const set = (name: string, value: string) => request.headers.set(name, [value]);
  set('x-acs-action', wanted.action);
  set('x-acs-version', '2020-09-30');
  set('x-acs-date', wanted.date);
  set('x-acs-signature-nonce', wanted.nonce ?? randomBytes(16).toString('hex'));
  set('x-acs-content-sha256', hex(request.body));
  if (key.securityToken) {
    set('x-acs-accesskey-id', key.accessKeyId);
    set('x-acs-security-token', key.securityToken);
  }
  const names = [...request.headers.keys()]
    .filter((name) => name.startsWith('x-acs-') || name === 'host' || name === 'content-type')
    .sort();
  const canonical = [
    request.method,
    request.path.split('/').map(encode).join('/'),
    joined([...request.query]),
    names.map((name) => `${name}:${request.headers.get(name)!.join(',')}\n`).join(''),
    names.join(';'),
    hex(request.body),
  ].join('\n');
  const signature = createHmac('sha256', key.secret)
    .update(`ACS3-HMAC-SHA256\n${hex(canonical)}`)
    .digest('hex');
  set(
    'authorization',
    `ACS3-HMAC-SHA256 Credential=${key.accessKeyId},SignedHeaders=${names.join(';')},Signature=${signature}`,
  );
  return request;
}

/** Signs as older clients do: HMAC-SHA1 in the query. */
export function signV1(key: SigningKey, wanted: Wanted): SignableRequest {
  const request = base(wanted);
  const common = {
    Action: wanted.action,
    Version: '2020-09-30',
    Format: 'json',
    Timestamp: wanted.date,
    SignatureNonce: wanted.nonce ?? randomBytes(16).toString('hex'),
    SignatureMethod: 'HMAC-SHA1',
    SignatureVersion: '1.0',
    AccessKeyId: key.accessKeyId,
    ...(key.securityToken ? { SecurityToken: key.securityToken } : {}),
  };
  request.query = [...Object.entries(common), ...request.query];
  const stringToSign = `${request.method}&${encode(request.path)}&${encode(joined([...request.query, ...request.form]))}`;
  const signature = createHmac('sha1', `${key.secret}&`).update(stringToSign).digest('base64');
  request.query.push(['Signature', signature]);
  return request;
}

/** The signature that a request carries. */
export function signatureOf(request: SignableRequest): string {
  const authorization = request.headers.get('authorization')?.[0];
  if (authorization !== undefined) return authorization.split('Signature=')[1]!;
  return request.query.find(([name]) => name === 'Signature')![1];
}
