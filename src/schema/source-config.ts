import { isIP } from 'node:net';
import { isAbsolute } from 'node:path';
import { z } from 'zod';

/** Bytes in a GiB. */
const GIB = 1024 ** 3;

const absolutePath = z.string().refine(isAbsolute, 'expected an absolute path');

/** A name or a pattern in which `*` stands for any run of signs. */
const bucketPattern = z
  .string()
  .regex(/^[\w.*-]{1,63}$/, 'expected a bucket name such as uploads, or a pattern such as uploads-*');

const S3 = z.strictObject({
  /** Base address of the store, for example `https://s3.oss-cn-beijing.aliyuncs.com`. */
  endpoint: z.url({
    protocol: /^https?$/,
    error: 'expected an address such as https://s3.oss-cn-beijing.aliyuncs.com',
  }),
  region: z.string().min(1),
  /** `virtual`: the bucket is part of the host name, which OSS asks for; `path`: part of the path, as most other stores want it. */
  addressing: z.enum(['path', 'virtual']),
  credentials: z.strictObject({
    accessKeyId: z.string().min(1),
    secretAccessKey: z.string().min(1),
    sessionToken: z.string().min(1).optional(),
  }),
});
/** How an S3-compatible store is reached. */
export type S3Config = z.infer<typeof S3>;

const Bucket = z
  .strictObject({
    /** Buckets that this entry speaks for; the first entry that matches counts. */
    match: bucketPattern,
    /** Only for tasks whose `CredentialConfig.ServiceRole` is this; without it only for tasks that name none. */
    role: z.string().min(1).optional(),
    /** A directory that stands for the bucket: objects are files below it. */
    directory: absolutePath.optional(),
    s3: S3.optional(),
    /** Whether results may be written to these buckets, as `Notification.ExtendedMessageURI` asks. */
    writable: z.boolean().default(false),
  })
  .refine(({ directory, s3 }) => (directory === undefined) !== (s3 === undefined), 'expected either directory or s3');
/** Where the objects of some buckets lie. */
export type BucketConfig = z.infer<typeof Bucket>;

/** What may be dialled although it is no public address: addresses, blocks such as `10.1.0.0/16`, host names, `*.example.org`. */
export const AllowedAddresses = z
  .array(z.string().refine(isHostOrBlock, 'expected an address, a block such as 10.1.0.0/16, or a host name'))
  .default([]);

const Https = z.strictObject({
  /** Whether `https://` sources are read at all. */
  enabled: z.boolean().default(true),
  /** Whether `http://` sources are read too. */
  plainHttp: z.boolean().default(false),
  allow: AllowedAddresses,
  /** Redirects followed, 0–20. */
  maxRedirects: z.int().min(0).max(20).default(5),
});
/** Which addresses sources may be fetched from. */
export type HttpsConfig = z.infer<typeof Https>;

const Limits = z
  .strictObject({
    /** Largest source in bytes. */
    maxBytes: z
      .int()
      .min(1)
      .default(8 * GIB),
    /** Longest time in seconds that fetching one source may take, interruptions not counted. */
    maxSeconds: z.int().min(1).default(1800),
    /** Room for fetched sources on disk, in bytes. */
    cacheBytes: z
      .int()
      .min(1)
      .default(32 * GIB),
  })
  .refine(({ maxBytes, cacheBytes }) => maxBytes <= cacheBytes, {
    error: 'expected cacheBytes to have room for a source of maxBytes',
    path: ['cacheBytes'],
  });
/** What fetching a source may cost. */
export type SourceLimits = z.infer<typeof Limits>;

/** Which sources tasks may name, and how they are reached. Holds secrets in clear: never logged. */
export const SourceConfig = z.strictObject({
  buckets: z.array(Bucket).default([]),
  https: Https.prefault({}),
  /** Directories below which `file:` sources may lie. */
  fileRoots: z.array(absolutePath).default([]),
  limits: Limits.prefault({}),
});
export type SourceConfig = z.infer<typeof SourceConfig>;

function isHostOrBlock(value: string): boolean {
  const [address = '', prefix, ...rest] = value.split('/');
  const version = isIP(address);
  if (version === 0) return prefix === undefined && /^(\*\.)?[a-z0-9_-]+(\.[a-z0-9_-]+)*$/i.test(value);
  if (prefix === undefined) return true;
  return rest.length === 0 && /^\d{1,3}$/.test(prefix) && Number(prefix) <= (version === 4 ? 32 : 128);
}
