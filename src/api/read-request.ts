import type { FastifyRequest } from 'fastify';
import type { Pair, SignedRequest } from '../auth/signed-request.js';
import { invalidParameter } from '../domain/imm-error.js';

/**
 * What arrived, decoded exactly once: signatures are computed over the decoded values, because clients encode them in different ways.
 * @throws {ImmError} InvalidParameter where an encoding does not decode
 */
export function readRequest(request: FastifyRequest): SignedRequest {
  const { raw } = request;
  const [path = '/', ...search] = (raw.url ?? '/').split('?');
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  const isForm = /^application\/x-www-form-urlencoded\b/i.test(request.headers['content-type'] ?? '');
  return {
    method: request.method,
    path,
    query: readPairs(search.join('?')),
    form: isForm ? readPairs(body.toString('latin1')) : [],
    headers: readHeaders(raw.rawHeaders),
    body,
    secure: request.protocol === 'https',
    sourceIp: request.ip,
  };
}

/** Names and values of a query or form. `+` is a space, as Go and Python write it; Node writes `%20`. */
function readPairs(encoded: string): Pair[] {
  return encoded
    .split('&')
    .filter((part) => part !== '')
    .map((part) => {
      const at = part.indexOf('=');
      return at === -1 ? [decode(part), ''] : [decode(part.slice(0, at)), decode(part.slice(at + 1))];
    });
}

function decode(encoded: string): string {
  try {
    return decodeURIComponent(encoded.replaceAll('+', ' '));
  } catch {
    throw invalidParameter(JSON.stringify(encoded.slice(0, 64)), 'percent-encoded UTF-8');
  }
}

/** Node's own map joins repeated headers; what is signed tells them apart. */
function readHeaders(raw: readonly string[]): Map<string, string[]> {
  const headers = new Map<string, string[]>();
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const [name, value] = [raw[index]?.toLowerCase() ?? '', raw[index + 1] ?? ''];
    headers.set(name, [...(headers.get(name) ?? []), value]);
  }
  return headers;
}
