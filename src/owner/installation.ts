import { link, mkdir, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { customAlphabet } from 'nanoid';
import { z } from 'zod';
import { errorCode } from '../domain/error-code.js';

const Installation = z.object({ id: z.string().regex(/^[0-9a-z]{8,32}$/) });

// Letters and digits only: the id becomes part of queue names. 12 of 36 signs are 62 bits.
const newId = customAlphabet('0123456789abcdefghijklmnopqrstuvwxyz', 12);

/** Thrown when the file that names the installation holds something else. */
export class InstallationFileError extends Error {
  override name = 'InstallationFileError' as const;

  constructor(
    readonly path: string,
    options: ErrorOptions,
  ) {
    super(
      `Expected ${path} to hold {"id": "<8-32 letters or digits>"}: restore it from a backup, or remove it to start under a new id.`,
      options,
    );
  }
}

/**
 * The id of the installation that keeps its data here (a directory made when missing): made once, whoever asks first, and the same ever after.
 * @throws {InstallationFileError}
 */
export async function installationId(dataDir: string): Promise<string> {
  const path = join(dataDir, 'installation.json');
  const draft = `${path}.${process.pid}.${newId()}`;
  const existing = await readId(path);
  if (existing !== null) return existing;
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  await writeDurably(draft, `${JSON.stringify({ id: newId() })}\n`);
  try {
    // Unlike rename, link never replaces: of two who come at once the first one's id stays.
    await link(draft, path);
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
  } finally {
    await rm(draft, { force: true });
  }
  return installationId(dataDir);
}

async function readId(path: string): Promise<string | null> {
  let content: string;
  try {
    content = await readFile(path, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
  try {
    return Installation.parse(JSON.parse(content)).id;
  } catch (cause) {
    throw new InstallationFileError(path, { cause });
  }
}

async function writeDurably(path: string, content: string): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}
