import { invalidParameter } from '../domain/imm-error.js';
import type { Pair } from './signed-request.js';

/** Left bare by `encodeURIComponent`, but reserved in RFC 3986. */
const RESERVED = /[!'()*]/g;
const LONE_SURROGATE = /\p{Surrogate}/u;

/** Percent-encodes as RFC 3986 has it: everything in UTF-8 but `A-Za-z0-9-_.~`, in upper-case hexadecimal. */
export function percentEncode(text: string): string {
  // Half a surrogate pair cannot have arrived as UTF-8; where one comes from elsewhere it must not throw.
  const encodable = LONE_SURROGATE.test(text) ? Buffer.from(text).toString() : text;
  return encodeURIComponent(encodable).replace(RESERVED, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** Encodes a path's segments and keeps its slashes. */
export const encodePath = (path: string): string => path.split('/').map(percentEncode).join('/');

/** `name=value` of every parameter, encoded, in the order of the names' bytes, joined by `&`; an empty value keeps its `=`. */
export function canonicalPairs(pairs: readonly Pair[]): string {
  return [...pairs]
    .sort(([a], [b]) => compareBytes(a, b))
    .map(([name, value]) => `${percentEncode(name)}=${percentEncode(value)}`)
    .join('&');
}

/**
 * Refuses a parameter given twice: signatures do not cover the order of equal names, so whoever relays a request could choose which value counts.
 * @throws {ImmError} InvalidParameter
 */
export function assertUnique(pairs: readonly Pair[]): void {
  const seen = new Set<string>();
  for (const [name] of pairs) {
    if (seen.has(name)) throw invalidParameter(name.slice(0, 64), 'to be given once');
    seen.add(name);
  }
}

/** Order of UTF-8 bytes; that of UTF-16 differs beyond U+FFFF only. */
function compareBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
