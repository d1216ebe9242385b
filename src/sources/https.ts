import type { IncomingMessage } from 'node:http';
import type { HttpsConfig, SourceLimits } from '../schema/source-config.js';
import type { SourceIdentity, SourceRef } from '../schema/source.js';
import type { Fill, SourceCache } from './cache/source-cache.js';
import { firstRoom, resumable, wholeAtOnce, type ReadFrom } from './download.js';
import { SourceChangedError, SourceRefusedError, SourceTooLargeError, SourceUnavailableError } from './errors.js';
import { guardedGet } from './guarded-get.js';
import { Patience } from './patience.js';
import { isSame } from './source.js';

/** Where a source lies, and under which terms it is fetched. */
export interface Place {
  url: URL;
  https: HttpsConfig;
  limits: SourceLimits;
}

const DIGEST = 'sha256:';

/**
 * Size and validators (ETag, else Last-Modified) of what lies at an address, asked by the first byte: addresses that are signed are so for GET.
 * Where there are none, or no size, the whole is fetched at once and its digest is the version.
 */
export async function identifyAtAddress(
  source: SourceRef,
  place: Place,
  cache: SourceCache,
  signal: AbortSignal,
): Promise<SourceIdentity> {
  const { sizeBytes, version } = await tellsOf(source, place, signal);
  if (sizeBytes !== null && sizeBytes > place.limits.maxBytes)
    throw new SourceTooLargeError(source.uri, place.limits.maxBytes, sizeBytes);
  const isPinnedByDigest = source.version?.startsWith(DIGEST) === true;
  const found =
    sizeBytes === null || version === null || isPinnedByDigest
      ? await fetchToIdentify(source, place, sizeBytes, cache, signal)
      : { ...source, sizeBytes, version };
  if (!isSame(source, found)) throw new SourceChangedError(source.uri);
  return found;
}

/** How a content that the identity names is fetched. */
export function fillFromAddress(source: SourceIdentity, place: Place): Fill {
  const { uri, sizeBytes, version } = source;
  const wanted = { uri, limits: place.limits };
  if (!version.startsWith(DIGEST)) return resumable(wanted, sizeBytes, readAddress(source, place));
  return async (filling, signal) => {
    const whole = await wholeAtOnce(wanted, filling, (stop) => everything(uri, place, stop), signal);
    if (`${DIGEST}${whole.digest}` !== version) throw new SourceChangedError(uri);
  };
}

async function fetchToIdentify(
  source: SourceRef,
  place: Place,
  sizeBytes: number | null,
  cache: SourceCache,
  signal: AbortSignal,
): Promise<SourceIdentity> {
  const { uri } = source;
  return cache.take(
    sizeBytes ?? firstRoom(place.limits),
    async (filling, stop) => {
      const read = (reading: AbortSignal) => everything(uri, place, reading);
      const whole = await wholeAtOnce({ uri, limits: place.limits }, filling, read, stop);
      return { ...source, sizeBytes: whole.sizeBytes, version: `${DIGEST}${whole.digest}` };
    },
    signal,
  );
}

/** What a server tells of a content. */
async function tellsOf({ uri }: SourceRef, place: Place, outer: AbortSignal) {
  const patience = new Patience(outer);
  try {
    const headers = { range: 'bytes=0-0' };
    const answer = await guardedGet({ url: place.url, headers, signal: patience.signal }, place.https);
    answer.destroy();
    return { sizeBytes: sizeOf(answer), version: versionOf(answer) };
  } catch (error) {
    outer.throwIfAborted();
    throw patience.signal.aborted ? new SourceUnavailableError(uri, 'its server did not answer in time') : error;
  } finally {
    patience.end();
  }
}

function readAddress({ uri, sizeBytes, version }: SourceIdentity, place: Place): ReadFrom {
  // A weak validator cannot be asked for: what comes is compared.
  const ifRange = /^etag:"/.test(version) || version.startsWith('modified:') ? version.replace(/^\w+:/, '') : null;
  return async (fromByte, signal) => {
    const headers = { range: `bytes=${fromByte}-`, ...(ifRange === null ? {} : { 'if-range': ifRange }) };
    const answer = await guardedGet({ url: place.url, headers, signal }, place.https);
    const isPart = answer.statusCode === 206;
    // Whoever answers to If-Range with a part need not repeat what was asked for.
    const found = versionOf(answer) ?? (isPart && ifRange !== null ? version : null);
    // A part may end early; what is missing is asked for next.
    const isAsked = !isPart || answer.headers['content-range']?.startsWith(`bytes ${fromByte}-`) === true;
    if (answer.statusCode !== 416 && found === version && sizeOf(answer) === sizeBytes && isAsked)
      return { body: answer, fromByte: isPart ? fromByte : 0 };
    answer.destroy();
    throw new SourceChangedError(uri);
  };
}

async function everything(uri: string, place: Place, signal: AbortSignal): Promise<IncomingMessage> {
  const answer = await guardedGet({ url: place.url, headers: {}, signal }, place.https);
  if (answer.statusCode === 200) return answer;
  answer.destroy();
  throw new SourceRefusedError(uri, `the server answered ${answer.statusCode ?? 'nothing'} when asked for everything`);
}

function sizeOf({ statusCode, headers }: IncomingMessage): number | null {
  const told =
    statusCode === 200
      ? headers['content-length']
      : /\/(?<total>\d+)$/.exec(headers['content-range'] ?? '')?.groups?.['total'];
  return told === undefined ? null : Number(told);
}

function versionOf({ headers }: IncomingMessage): string | null {
  const { etag, 'last-modified': modified } = headers;
  if (etag !== undefined && etag !== '') return `etag:${etag}`;
  return modified === undefined ? null : `modified:${modified}`;
}
