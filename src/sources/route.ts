import { fileURLToPath } from 'node:url';
import type { BucketConfig, S3Config, SourceConfig } from '../schema/source-config.js';
import type { SourceRef } from '../schema/source.js';
import { SourceRefusedError } from './errors.js';

/** Which way the bytes of a source come. */
export type Route =
  | { kind: 'file'; path: string }
  | { kind: 'directory'; directory: string; key: string }
  | { kind: 's3'; s3: S3Config; bucket: string; key: string }
  | { kind: 'https'; url: URL };

/** Longest key in bytes of UTF-8 that OSS and S3 know. */
const MAX_KEY_BYTES = 1024;

/**
 * The way to a source by the operator's configuration. Asks nobody: it may be called before a task is accepted.
 * @throws {SourceRefusedError} when the address is none, or nothing in the configuration matches it.
 */
export function routeOf(source: SourceRef, config: SourceConfig): Route {
  const { uri } = source;
  const found = findObject(source, config);
  if (found?.entry.directory !== undefined)
    return { kind: 'directory', directory: found.entry.directory, key: found.key };
  if (found?.entry.s3 !== undefined) return { kind: 's3', s3: found.entry.s3, bucket: found.bucket, key: found.key };
  const scheme = /^(?<scheme>[a-z][a-z0-9+.-]*):/i.exec(uri)?.groups?.['scheme']?.toLowerCase();
  const { enabled, plainHttp } = config.https;
  if (scheme === 'file') return fileRoute(source, config.fileRoots);
  if (enabled && (scheme === 'https' || (scheme === 'http' && plainHttp))) return { kind: 'https', url: parseUrl(uri) };
  throw new SourceRefusedError(uri, `expected an address such as oss://bucket/key${alsoRead(config)}`);
}

/** Whether a bucket entry with this pattern speaks for a bucket. */
export function matchesBucket(pattern: string, bucket: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.]/g, '\\.'));
  return new RegExp(`^${parts.join('.*')}$`).test(bucket);
}

/** An object and the entry of the configuration that speaks for its bucket. */
export interface FoundObject {
  entry: BucketConfig;
  bucket: string;
  key: string;
}

/**
 * The object that an address names; `null` when it names none.
 * @throws {SourceRefusedError} when its bucket is not configured, or its key can be none.
 */
export function findObject({ uri, role }: SourceRef, { buckets }: SourceConfig): FoundObject | null {
  // A key may hold anything, also what a URL parser would take for a query: only these schemes have keys, and they never see one.
  const named = /^(?:oss|s3):\/\/(?<bucket>[^/]*)\/(?<key>.*)$/s.exec(uri)?.groups;
  if (named === undefined) return null;
  const { bucket, key } = named as { bucket: string; key: string };
  const keyBytes = Buffer.byteLength(key);
  if (bucket === '' || keyBytes === 0) throw new SourceRefusedError(uri, 'expected a bucket and a key');
  if (keyBytes > MAX_KEY_BYTES)
    throw new SourceRefusedError(uri, `expected a key of at most ${MAX_KEY_BYTES} bytes, got ${keyBytes}`);
  const entry = buckets.find((each) => each.role === role && matchesBucket(each.match, bucket));
  if (entry !== undefined) return { entry, bucket, key };
  const forRole = role === undefined ? '' : ` for the role ${JSON.stringify(role)}`;
  throw new SourceRefusedError(uri, `no bucket ${JSON.stringify(bucket)} is configured${forRole}`);
}

function fileRoute({ uri, anyFile }: SourceRef, roots: readonly string[]): Route {
  if (anyFile !== true && roots.length === 0)
    throw new SourceRefusedError(uri, 'the configuration lists no fileRoots below which files may be named');
  try {
    return { kind: 'file', path: fileURLToPath(uri) };
  } catch (error) {
    throw new SourceRefusedError(uri, 'expected an address such as file:///directory/video.mp4', { cause: error });
  }
}

function parseUrl(uri: string): URL {
  const url = URL.canParse(uri) ? new URL(uri) : null;
  if (url === null || url.hostname === '') throw new SourceRefusedError(uri, 'it is no address that can be read');
  if (url.username !== '' || url.password !== '')
    throw new SourceRefusedError(uri, 'expected an address without user name and password');
  return url;
}

function alsoRead({ https, fileRoots }: SourceConfig): string {
  const others = [...(https.enabled ? ['https://'] : []), ...(fileRoots.length > 0 ? ['file://'] : [])];
  return others.length === 0 ? '' : `, or ${others.join(' or ')}`;
}
