import { S3Client } from '@aws-sdk/client-s3';
import type { S3Config } from './schema/source-config.js';

/** Milliseconds until a store must have taken a connection. */
const CONNECT_MS = 10_000;

/** How long a client tries. */
export interface S3Trying {
  /** Requests until one counts as failed; default 1, where who asks tries again. */
  maxAttempts?: number;
  /** Milliseconds that one may take; absent: no end. */
  requestTimeout?: number;
}

/** A client of an S3-compatible store; `destroy` it when done. It asks nothing but what it is given, neither the environment nor files of the user. */
export function createS3Client(
  { endpoint, region, addressing, credentials }: S3Config,
  { maxAttempts = 1, requestTimeout }: S3Trying = {},
): S3Client {
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  return new S3Client({
    endpoint,
    region,
    credentials: { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) },
    forcePathStyle: addressing === 'path',
    maxAttempts,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: { connectionTimeout: CONNECT_MS, ...(requestTimeout !== undefined && { requestTimeout }) },
  });
}
