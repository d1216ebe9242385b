import { createHash } from 'node:crypto';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { createS3Client } from '../s3-client.js';
import type { BlobPlace } from '../schema/blob-place.js';
import { BlobCorruptError, BlobNotFoundError, type BlobStore, InvalidDigestError } from './blobs.js';

/** Stores tell the time of a change in whole seconds, rounded down. */
const RESOLUTION_MS = 1000;
const ATTEMPTS = 5;
const REQUEST_MS = 60_000;

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/**
 * Opens a blob store in a bucket that is there: the blob with digest `ab12…` is the object `ab/12…` below the prefix. Any number of machines may use it at once.
 * It asks nothing but what it is given, neither the environment nor files of the user.
 */
export function openS3Blobs(place: BlobPlace): BlobStore {
  const { bucket, prefix } = place;
  const client = createS3Client(place, { maxAttempts: ATTEMPTS, requestTimeout: REQUEST_MS });
  const objectOf = (digest: string): { Bucket: string; Key: string } => {
    if (!/^[0-9a-f]{64}$/.test(digest)) throw new InvalidDigestError(digest);
    return { Bucket: bucket, Key: `${prefix}${digest.slice(0, 2)}/${digest.slice(2)}` };
  };
  /** When it was stored at the latest, in milliseconds since 1970; `null` when it is not there. */
  const storedMs = async (digest: string): Promise<number | null> => {
    const head = await orMissing(client.send(new HeadObjectCommand(objectOf(digest))));
    return head === null ? null : latest(head.LastModified);
  };

  return {
    async put(bytes) {
      const digest = sha256(bytes);
      // Also when it is there: its time tells purges that it is wanted.
      await client.send(new PutObjectCommand({ ...objectOf(digest), Body: bytes, ContentLength: bytes.byteLength }));
      return digest;
    },

    async get(digest) {
      const object = objectOf(digest);
      const got = await orMissing(client.send(new GetObjectCommand(object)));
      if (got?.Body === undefined) throw new BlobNotFoundError(digest);
      const bytes = Buffer.from(await got.Body.transformToByteArray());
      const actual = sha256(bytes);
      if (actual !== digest) throw new BlobCorruptError(digest, actual, `s3://${object.Bucket}/${object.Key}`);
      return bytes;
    },

    async has(digest) {
      return (await storedMs(digest)) !== null;
    },

    async delete(digest, unlessPutSince) {
      const object = objectOf(digest);
      if (unlessPutSince !== undefined) {
        const at = await storedMs(digest);
        if (at !== null && at >= unlessPutSince.getTime()) return false;
      }
      await client.send(new DeleteObjectCommand(object));
      return true;
    },

    async storedBefore(instant, firstByte) {
      const folder = firstByte.toString(16).padStart(2, '0');
      const start = `${prefix}${folder}/`;
      const found: string[] = [];
      let next: string | undefined;
      do {
        const page = await client.send(
          new ListObjectsV2Command({
            Bucket: bucket,
            Prefix: start,
            ...(next !== undefined && { ContinuationToken: next }),
          }),
        );
        for (const { Key, LastModified } of page.Contents ?? [])
          if (Key !== undefined && latest(LastModified) < instant.getTime())
            found.push(folder + Key.slice(start.length));
        next = page.NextContinuationToken;
      } while (next !== undefined);
      return found;
    },
  };
}

/** The latest that a change told in seconds can have been. */
function latest(at: Date | undefined): number {
  return at === undefined ? Infinity : at.getTime() + RESOLUTION_MS;
}

async function orMissing<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
    if (status === 404) return null;
    throw error;
  }
}
