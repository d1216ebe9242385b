import type { Readable } from 'node:stream';
import type { S3Client } from '@aws-sdk/client-s3';
import type { S3Config, SourceConfig } from '../schema/source-config.js';
import type { SourceIdentity } from '../schema/source.js';
import { SourceCache } from './cache/source-cache.js';
import { identifyInDirectory, openInDirectory } from './directory.js';
import { resumable } from './download.js';
import { SourceTooLargeError } from './errors.js';
import { fileSources } from './file.js';
import { fillFromAddress, identifyAtAddress } from './https.js';
import { readLocal, type ByteRange } from './local-range.js';
import { routeOf, type Route } from './route.js';
import type { SourceReader } from './source.js';

/** Reads every source that the operator's configuration has a place for. */
export interface Sources extends SourceReader {
  /**
   * Some bytes of exactly the content that the identity names, for somebody who watches it: of an object of a store just these, of what is fetched whole
   * those of the file, once it is here. Throws what `open` throws.
   */
  read(source: SourceIdentity, range: ByteRange, signal: AbortSignal): Promise<Readable>;
  /** Closes what is open to stores. Sources that are held stay where they are. */
  close(): void;
}

/**
 * One reader for `file:`, `oss:`, `s3:` and `https:`. The configuration is asked anew each time: it may be loaded again meanwhile.
 * What has to be fetched is kept in `cacheDir`, made when missing, which any number of processes of this machine may share.
 */
export function openSources(config: () => SourceConfig, cacheDir: string): Sources {
  const cache = new SourceCache(cacheDir, () => config().limits);
  const clients = new Map<S3Config, S3Client>();

  const placeOf = async ({ s3, bucket, key }: Extract<Route, { kind: 's3' }>) => {
    // Half a second to load, and most installations never need it.
    const [store, { createS3Client }] = await Promise.all([import('./s3.js'), import('../s3-client.js')]);
    // Without trying again: what breaks is gone on with from the byte where it broke.
    const client = clients.get(s3) ?? createS3Client(s3);
    clients.set(s3, client);
    return { store, place: { client, bucket, key } };
  };
  const assertSize = ({ uri, sizeBytes }: SourceIdentity) => {
    const { maxBytes } = config().limits;
    if (sizeBytes > maxBytes) throw new SourceTooLargeError(uri, maxBytes, sizeBytes);
  };

  const reader: SourceReader = {
    async identify(source, signal) {
      const now = config();
      const { https, limits, fileRoots } = now;
      const route = routeOf(source, now);
      switch (route.kind) {
        case 'file':
          return fileSources(fileRoots).identify(source, signal);
        case 'directory':
          return identifyInDirectory(source, route.directory, route.key);
        case 's3': {
          const { store, place } = await placeOf(route);
          const found = await store.identifyObject(source, place, signal);
          assertSize(found);
          return found;
        }
        case 'https':
          return identifyAtAddress(source, { url: route.url, https, limits }, cache, signal);
      }
    },

    async open(source, signal) {
      const now = config();
      const { https, limits, fileRoots } = now;
      const route = routeOf(source, now);
      switch (route.kind) {
        case 'file':
          return fileSources(fileRoots).open(source, signal);
        case 'directory':
          return openInDirectory(source, route.directory, route.key);
        case 's3': {
          assertSize(source);
          const { store, place } = await placeOf(route);
          const fill = resumable({ uri: source.uri, limits }, source.sizeBytes, store.readObject(source, place));
          return cache.hold(source, fill, signal);
        }
        case 'https':
          assertSize(source);
          return cache.hold(source, fillFromAddress(source, { url: route.url, https, limits }), signal);
      }
    },
  };
  return {
    ...reader,

    async read(source, range, signal) {
      const route = routeOf(source, config());
      if (route.kind !== 's3') return readLocal(await reader.open(source, signal), range, signal);
      const { store, place } = await placeOf(route);
      const { body } = await store.readObject(source, place, range.to)(range.from, signal);
      return body;
    },

    close() {
      for (const client of clients.values()) client.destroy();
      clients.clear();
    },
  };
}
