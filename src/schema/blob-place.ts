import { z } from 'zod';
import type { S3Config } from './source-config.js';

/** Where blobs lie in an S3-compatible store. */
export interface BlobPlace extends S3Config {
  bucket: string;
  /** Before every key: empty, or ends with a slash. */
  prefix: string;
}

const EXAMPLE = 's3://KEY:SECRET@s3.example.org/bucket/prefix?region=eu-west-1';
const Query = z.strictObject({
  region: z.string().min(1).default('us-east-1'),
  addressing: z.enum(['path', 'virtual']).default('path'),
  /** For a store on a trusted network. */
  tls: z.enum(['on', 'off']).default('on'),
});

/** An address such as `s3://KEY:SECRET@host:port/bucket/prefix?region=…&addressing=path|virtual&tls=on|off`; key and secret are percent-encoded. */
export const BlobPlaceUrl = z.string().transform((text, context): BlobPlace => {
  const url = URL.canParse(text) ? new URL(text) : null;
  const [bucket, ...folders] = (url?.pathname ?? '').split('/').filter(Boolean).map(decodeURIComponent);
  const query = Query.safeParse(Object.fromEntries(url?.searchParams ?? []));
  if (
    url?.protocol !== 's3:' ||
    !url.host ||
    !url.username ||
    !url.password ||
    bucket === undefined ||
    !query.success
  ) {
    context.addIssue({ code: 'custom', message: `an address such as ${EXAMPLE}` });
    return z.NEVER;
  }
  const { region, addressing, tls } = query.data;
  return {
    endpoint: `http${tls === 'on' ? 's' : ''}://${url.host}`,
    region,
    addressing,
    credentials: {
      accessKeyId: decodeURIComponent(url.username),
      secretAccessKey: decodeURIComponent(url.password),
    },
    bucket,
    prefix: folders.map((folder) => `${folder}/`).join(''),
  };
});
