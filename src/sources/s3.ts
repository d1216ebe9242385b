import type { Readable } from 'node:stream';
import { GetObjectCommand, HeadObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { errorCode, errorMessage } from '../domain/error-code.js';
import type { SourceIdentity, SourceRef } from '../schema/source.js';
import type { ReadFrom } from './download.js';
import {
  SourceAccessDeniedError,
  SourceChangedError,
  SourceNotFoundError,
  SourceRefusedError,
  SourceUnavailableError,
  isSourceError,
} from './errors.js';
import { Patience } from './patience.js';
import { isSame } from './source.js';

/** One object of an S3-compatible store. */
export interface ObjectPlace {
  client: S3Client;
  bucket: string;
  key: string;
}

/**
 * Size and ETag of an object; where a store gives none, the time of its last change.
 * @throws {SourceNotFoundError} @throws {SourceAccessDeniedError} @throws {SourceChangedError} @throws {SourceRefusedError} @throws {SourceUnavailableError}
 */
export async function identifyObject(
  source: SourceRef,
  { client, bucket, key }: ObjectPlace,
  outer: AbortSignal,
): Promise<SourceIdentity> {
  const patience = new Patience(outer);
  try {
    const head = await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }), {
      abortSignal: patience.signal,
    });
    const version = versionOf(head);
    if (head.ContentLength === undefined || version === null)
      throw new SourceRefusedError(source.uri, 'the store tells neither its size nor its version');
    const found = { ...source, sizeBytes: head.ContentLength, version };
    if (!isSame(source, found)) throw new SourceChangedError(source.uri);
    return found;
  } catch (error) {
    outer.throwIfAborted();
    throw asSourceError(source.uri, patience.signal.aborted ? patience.signal.reason : error);
  } finally {
    patience.end();
  }
}

/** Reads an object as long as it is the one that the identity names, up to a byte, which is included; absent: all of it. */
export function readObject(
  source: SourceIdentity,
  { client, bucket, key }: ObjectPlace,
  toByte = source.sizeBytes - 1,
): ReadFrom {
  const etag = source.version.startsWith(ETAG) ? source.version.slice(ETAG.length) : undefined;
  return async (fromByte, signal) => {
    const get = new GetObjectCommand({
      Bucket: bucket,
      Key: key,
      Range: `bytes=${fromByte}-${toByte}`,
      ...(etag === undefined ? {} : { IfMatch: etag }),
    });
    try {
      const got = await client.send(get, { abortSignal: signal });
      const body = got.Body as Readable;
      const fault = faultOf(source, { fromByte, toByte }, got);
      if (fault === null) return { body, fromByte: got.ContentRange === undefined ? 0 : fromByte };
      body.destroy();
      throw fault;
    } catch (error) {
      throw asSourceError(source.uri, error);
    }
  };
}

const ETAG = 'etag:';

interface Answer {
  ContentLength?: number | undefined;
  ContentRange?: string | undefined;
  ETag?: string | undefined;
  LastModified?: Date | undefined;
}

/** Stores that know neither `If-Match` nor `Range` answer all the same, with something else. */
function faultOf(
  { uri, sizeBytes, version }: SourceIdentity,
  { fromByte, toByte }: { fromByte: number; toByte: number },
  got: Answer,
): Error | null {
  if (versionOf(got) !== version) return new SourceChangedError(uri);
  if (got.ContentRange === `bytes ${fromByte}-${toByte}/${sizeBytes}`) return null;
  if (fromByte === 0 && toByte === sizeBytes - 1 && got.ContentLength === sizeBytes) return null;
  return new SourceRefusedError(uri, `the store answered ${got.ContentRange ?? 'everything'} when asked for a range`);
}

function versionOf({ ETag: etag, LastModified: modified }: Answer): string | null {
  if (etag !== undefined && etag !== '' && etag !== '""') return `${ETAG}${etag}`;
  return modified === undefined ? null : `modified:${modified.toISOString()}`;
}

function asSourceError(uri: string, error: unknown): Error {
  if (isSourceError(error)) return error;
  const status = statusOf(error);
  const cause = { cause: error };
  if (status === 404) return new SourceNotFoundError(uri, cause);
  if (status === 401 || status === 403) return new SourceAccessDeniedError(uri, cause);
  if (status === 412 || status === 416) return new SourceChangedError(uri);
  if (status !== undefined && status < 500 && status !== 408 && status !== 429)
    return new SourceRefusedError(uri, `the store answered ${status}: ${HINT}`, cause);
  const what =
    status === undefined
      ? (errorCode(error) ?? errorMessage(error).replace(/^AWS SDK error wrapper for Error: /, ''))
      : `the store answered ${status}`;
  return new SourceUnavailableError(uri, what, cause);
}

const HINT = 'check endpoint, region and addressing of the bucket';

function statusOf(error: unknown): number | undefined {
  const metadata = (error as { $metadata?: { httpStatusCode?: number } } | null)?.$metadata;
  return metadata?.httpStatusCode;
}
