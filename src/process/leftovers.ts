import { createHash } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { errorCode } from '../domain/error-code.js';
import { processStartTime } from './start-time.js';

/** Age in milliseconds at which a temporary file belongs to nobody, whoever made it. */
const LEFTOVER_AGE_MS = 3_600_000;

const MARKED = /^(?<machine>[0-9a-f]{8})-(?<pid>\d+)-(?<start>[0-9a-f]{8})\./;

const shortHash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 8);

/**
 * Beginning of the name of a temporary file or directory that only this process uses: once the process is gone, {@link removeLeftovers} knows it.
 * Ends in a dot; letters, digits and dashes otherwise.
 */
export function processMark(): string {
  return `${machine()}-${process.pid}-${shortHash(processStartTime(process.pid) ?? '')}.`;
}

/**
 * Removes what processes that are gone left in a directory for temporary files (made when missing): at once what bears the mark of one of this
 * machine, and everything that is older than an hour.
 */
export async function removeLeftovers(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  for (const name of await readdir(directory)) {
    const path = join(directory, name);
    if (isAbandoned(name) || (await ageMs(path)) > LEFTOVER_AGE_MS) await rm(path, { recursive: true, force: true });
  }
}

/** Whether a name bears the mark of a process of this machine that is gone. */
export function isAbandoned(name: string): boolean {
  const mark = MARKED.exec(name)?.groups;
  if (mark === undefined || mark['machine'] !== machine()) return false;
  const startTime = processStartTime(Number(mark['pid']));
  return startTime === null || shortHash(startTime) !== mark['start'];
}

/** Where a pid means the same process: the directory may be shared with other machines and containers. */
function machine(): string {
  if (process.platform !== 'linux') return shortHash(hostname());
  return shortHash(
    readFileSync('/proc/sys/kernel/random/boot_id', 'latin1') + readlinkSync('/proc/self/ns/pid', 'latin1'),
  );
}

async function ageMs(path: string): Promise<number> {
  try {
    return Date.now() - (await stat(path)).mtimeMs;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return 0;
    throw error;
  }
}
