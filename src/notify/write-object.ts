import { randomUUID } from 'node:crypto';
import { mkdir, open, realpath, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { errorCode } from '../domain/error-code.js';
import { isFilePath } from '../domain/object-key.js';
import type { ObjectDestination } from '../schema/notification.js';
import type { SourceConfig } from '../schema/source-config.js';
import { SourceRefusedError } from '../sources/errors.js';
import { isBelowOne } from '../sources/file.js';
import { findObject, type FoundObject } from '../sources/route.js';
import { createS3Client } from '../s3-client.js';
import type { Message } from './message.js';

/**
 * The object that a result may be written to. Asks nobody: it may be called before a task is accepted.
 * @throws {SourceRefusedError} when the address is none of an object, or the operator lets nothing be written there
 */
export function writableObject({ uri, role }: ObjectDestination, config: SourceConfig): FoundObject {
  const found = findObject({ uri, ...(role === undefined ? {} : { role }) }, config);
  if (found === null) throw new SourceRefusedError(uri, 'expected an object such as oss://bucket/key');
  if (!found.entry.writable) throw new SourceRefusedError(uri, 'its bucket is not configured as writable');
  if (found.entry.directory !== undefined && !isFilePath(found.key))
    throw new SourceRefusedError(uri, 'expected a key without empty parts, . and .., as files have');
  return found;
}

/** Writes a message as an object, which is there whole or not at all, and replaces an earlier one. @throws whatever kept it from being written */
export async function writeObject(
  destination: ObjectDestination,
  { body, contentType }: Message,
  config: SourceConfig,
  signal: AbortSignal,
): Promise<void> {
  const { entry, bucket, key } = writableObject(destination, config);
  if (entry.directory !== undefined) await writeBelow(entry.directory, key, body);
  if (entry.s3 === undefined) return;
  const client = createS3Client(entry.s3);
  try {
    const put = new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ContentType: contentType });
    await client.send(put, { abortSignal: signal });
  } finally {
    client.destroy();
  }
}

async function writeBelow(directory: string, key: string, body: string): Promise<void> {
  const path = join(directory, key);
  // A link inside may lead anywhere: looked at before anything is made behind it.
  const root = await realpath(directory);
  const nearest = await nearestExisting(dirname(path));
  if (nearest !== root && !(await isBelowOne([root], nearest)))
    throw new SourceRefusedError(key, 'its directory leads out of the bucket');
  await mkdir(dirname(path), { recursive: true });
  const draft = join(dirname(path), `.${randomUUID()}`);
  try {
    const file = await open(draft, 'wx', 0o644);
    try {
      await file.writeFile(body);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } finally {
    await rm(draft, { force: true });
  }
}

/** The real path of a directory, or of the nearest above it that is there. */
async function nearestExisting(directory: string): Promise<string> {
  try {
    return await realpath(directory);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
    return nearestExisting(dirname(directory));
  }
}
