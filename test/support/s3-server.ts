import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { readConfig } from '../../src/config.js';
import { startSupervised, type SupervisedProcess } from '../../src/process/supervise.js';
import type { S3Config } from '../../src/schema/source-config.js';
import { findPrograms } from '../../src/setup/find-program.js';
import { createS3Client } from '../../src/s3-client.js';
import { freePort } from '../../src/temporal/free-port.js';
import { waitForPort } from '../../src/temporal/wait-for-port.js';

/** A real S3 server on a free port of 127.0.0.1, with a directory for its objects. */
export interface S3Server {
  config: S3Config;
  client: S3Client;
  createBucket(name: string): Promise<void>;
  put(bucket: string, key: string, body: Uint8Array | string): Promise<void>;
  /** Stops answering, as a server does that goes down. */
  stop(): Promise<void>;
  /** Answers again on the same port. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

/** A busy machine may take this long to start it, in milliseconds. */
const START_MS = 60_000;

/** Starts the S3 server that `npm cit` provides. A test that needs one fails without it, and says how to get it. */
export async function startS3Server(): Promise<S3Server> {
  const program = s3Program();
  const directory = await mkdtemp(join(tmpdir(), 'framewarden-s3-'));
  const port = await freePort(null);
  const config: S3Config = {
    endpoint: `http://127.0.0.1:${port}`,
    region: 'us-east-1',
    addressing: 'path',
    credentials: { accessKeyId: 'tests', secretAccessKey: 'secret-of-tests' },
  };
  for (const name of ['objects', 'metadata', 'children']) await mkdir(join(directory, name));
  const start = async () => {
    const args = [
      ...['--port', `127.0.0.1:${port}`, '--access', 'tests', '--secret', 'secret-of-tests', '--quiet'],
      ...['posix', '--sidecar', join(directory, 'metadata'), join(directory, 'objects')],
    ];
    const started = startSupervised(program, args, {
      childrenDir: join(directory, 'children'),
      stdio: { stdout: 'ignore', stderr: 'ignore' },
    });
    await waitForPort(port, AbortSignal.timeout(START_MS));
    return started;
  };
  let running: SupervisedProcess = await start();
  const client = createS3Client(config);
  const stop = async () => {
    await running.stop(0);
  };
  return {
    config,
    client,
    async createBucket(name) {
      await client.send(new CreateBucketCommand({ Bucket: name }));
    },
    async put(bucket, key, body) {
      await client.send(
        new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ContentLength: Buffer.byteLength(body) }),
      );
    },
    stop,
    async restart() {
      running = await start();
    },
    async close() {
      client.destroy();
      await stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

function s3Program(): string {
  const { dataDir, searchPath } = readConfig();
  const [program] = [...findPrograms('versitygw', searchPath), ...findPrograms(join(dataDir, 'bin', 'versitygw'), [])];
  if (program !== undefined) return program;
  throw new Error('There is no S3 server for the tests: run `node scripts/setup.mjs --tests`.');
}
