import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../domain/error-code.js';

/** Thrown when there is no key to encrypt secrets with, or a file of it that cannot be relied on. */
export class SecretKeyError extends Error {
  override name = 'SecretKeyError' as const;
}

/** Where the key that encrypts secrets comes from. */
export interface SecretKeyOrigin {
  /** Value of FRAMEWARDEN_SECRET_KEY; `null`: not set. */
  configured: string | null;
  dataDir: string;
  /**
   * What stands in for it: `none`; `existing`, a file that a development server has made in the data directory; `make`, such a file, made when missing.
   */
  fallback: 'none' | 'existing' | 'make';
}

const MISSING =
  'Expected FRAMEWARDEN_SECRET_KEY to hold the key that encrypts the secrets of access keys: set it, for example to the output of `openssl rand -hex 32`.';

/**
 * The secret that the key of {@link secretBox} is derived from.
 * @throws {SecretKeyError}
 */
export async function secretKey({ configured, dataDir, fallback }: SecretKeyOrigin): Promise<string> {
  if (configured !== null) return configured;
  if (fallback === 'none') throw new SecretKeyError(MISSING);
  const path = join(dataDir, 'secret.key');
  const kept = await readKey(path);
  if (kept !== null) return kept;
  if (fallback === 'existing') throw new SecretKeyError(MISSING);
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    await writeDurably(draft, `${randomBytes(32).toString('hex')}\n`);
    // Unlike rename, link never replaces: of two who come at once the first one's key stays.
    await link(draft, path);
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
  } finally {
    await rm(draft, { force: true });
  }
  return await secretKey({ configured, dataDir, fallback: 'existing' });
}

async function readKey(path: string): Promise<string | null> {
  let content: string;
  try {
    if (((await stat(path)).mode & 0o077) !== 0)
      throw new SecretKeyError(`Expected ${path} to be readable by its owner only: run \`chmod 600 ${path}\`.`);
    content = await readFile(path, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
  const key = content.trim();
  if (!/^[0-9a-f]{64}$/.test(key))
    throw new SecretKeyError(`Expected ${path} to hold 64 hexadecimal digits: restore it from a backup.`);
  return key;
}

async function writeDurably(path: string, content: string): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}
