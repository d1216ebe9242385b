import { request as plainRequest, type IncomingMessage } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { isIP } from 'node:net';
import { errorCode, errorMessage } from '../domain/error-code.js';
import type { HttpsConfig } from '../schema/source-config.js';
import { AddressGuard, ForbiddenAddressError } from './address-guard.js';
import {
  SourceAccessDeniedError,
  SourceNotFoundError,
  SourceRefusedError,
  SourceUnavailableError,
  isSourceError,
} from './errors.js';

/** What to ask for. */
export interface Ask {
  /** As the task named it. */
  url: URL;
  headers: Readonly<Record<string, string>>;
  signal: AbortSignal;
}

const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/**
 * Asks for a source by GET, following redirects; every address on the way is checked before it is dialled. Answers 200, 206 and 416 with the body unread.
 * @throws {SourceNotFoundError} @throws {SourceAccessDeniedError} @throws {SourceRefusedError} @throws {SourceUnavailableError}
 */
export async function guardedGet({ url, headers, signal }: Ask, config: HttpsConfig): Promise<IncomingMessage> {
  const guard = new AddressGuard(config.allow);
  let next = url;
  for (let redirects = 0; redirects <= config.maxRedirects; redirects++) {
    const answer = await getOnce({ url: next, headers, signal }, guard, url.href);
    const { statusCode: status = 0 } = answer;
    if (!REDIRECTS.has(status)) return checked(answer, status, url.href);
    answer.destroy();
    next = target(answer, next, config, url.href);
  }
  throw new SourceRefusedError(url.href, `it redirects more than ${config.maxRedirects} times`);
}

async function getOnce({ url, headers, signal }: Ask, guard: AddressGuard, uri: string): Promise<IncomingMessage> {
  const request = url.protocol === 'http:' ? plainRequest : tlsRequest;
  const host = url.hostname.replace(/^\[|\]$/g, '');
  try {
    // Numbers are dialled without being looked up; in whatever way they were written, the URL has them as plain ones.
    if (isIP(host) !== 0) guard.assertAllowed(host, host);
    return await new Promise<IncomingMessage>((resolve, reject) => {
      const outgoing = request(url, {
        // A connection kept from another request may lead elsewhere.
        agent: false,
        lookup: guard.lookup,
        headers: { 'user-agent': 'framewarden', accept: '*/*', 'accept-encoding': 'identity', ...headers },
        signal,
      });
      outgoing.on('response', resolve);
      outgoing.on('error', reject);
      outgoing.end();
    });
  } catch (error) {
    signal.throwIfAborted();
    throw asSourceError(error, uri, host);
  }
}

function checked(answer: IncomingMessage, status: number, uri: string): IncomingMessage {
  const fault = faultOf(answer, status, uri);
  if (fault === null) return answer;
  answer.destroy();
  throw fault;
}

function faultOf({ headers }: IncomingMessage, status: number, uri: string): Error | null {
  const encoding = headers['content-encoding'] ?? 'identity';
  if (status === 200 || status === 206) {
    if (encoding === 'identity') return null;
    return new SourceRefusedError(uri, `expected the content as it is, it came as ${encoding}`);
  }
  if (status === 416) return null;
  if (status === 404 || status === 410) return new SourceNotFoundError(uri);
  if (status === 401 || status === 403) return new SourceAccessDeniedError(uri);
  if (status >= 500 || status === 408 || status === 425 || status === 429)
    return new SourceUnavailableError(uri, `the server answered ${status}`);
  return new SourceRefusedError(uri, `the server answered ${status}`);
}

function target({ headers }: IncomingMessage, from: URL, config: HttpsConfig, uri: string): URL {
  const { location = '' } = headers;
  if (location === '' || !URL.canParse(location, from.href))
    throw new SourceRefusedError(uri, 'it redirects to nowhere');
  const to = new URL(location, from);
  const isAllowed = to.protocol === 'https:' || (to.protocol === 'http:' && config.plainHttp);
  if (!isAllowed) throw new SourceRefusedError(uri, `it redirects to a ${to.protocol} address`);
  if (to.username !== '' || to.password !== '')
    throw new SourceRefusedError(uri, 'it redirects to an address with user name and password');
  return to;
}

function asSourceError(error: unknown, uri: string, host: string): Error {
  if (isSourceError(error)) return error;
  const cause = { cause: error };
  if (error instanceof ForbiddenAddressError) return new SourceRefusedError(uri, error.message, cause);
  const code = errorCode(error) ?? '';
  if (code === 'ENOTFOUND') return new SourceNotFoundError(uri, { ...cause, host });
  // Names of OpenSSL and Node for what is wrong with a certificate; another try shows the same one.
  if (/CERT|SIGNATURE|ISSUER|ALTNAME/.test(code))
    return new SourceRefusedError(uri, `the certificate of its server is not to be trusted (${code})`, cause);
  return new SourceUnavailableError(uri, code === '' ? errorMessage(error) : code, cause);
}
