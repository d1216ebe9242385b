import { join } from 'node:path';
import { errorMessage } from '../domain/error-code.js';
import { findPrograms } from '../setup/find-program.js';
import { versionOutput } from '../setup/program-version.js';
import type { Say } from '../setup/say.js';

/** A `temporal` program that can run the embedded server. */
export interface ServerBinary {
  path: string;
  /** Of the server inside it, for example `1.29.1`. */
  serverVersion: string;
}

/** Where the server is looked for. */
export interface ServerSearch {
  dataDir: string;
  /** Directories of PATH. */
  searchPath: string[];
  say: Say;
}

/** Priorities, updates and Worker Versioning, as used here, are complete from this server on. */
const OLDEST_SERVER = [1, 29] as const;

/** Where set-up puts a server that it fetched. */
export const fetchedServer = (dataDir: string): string => join(dataDir, 'bin', 'temporal');

/** The first server new enough on PATH, then in the data directory; `null` when there is none. */
export async function findServer({ dataDir, searchPath, say }: ServerSearch): Promise<ServerBinary | null> {
  const candidates = [...findPrograms('temporal', searchPath), ...findPrograms(fetchedServer(dataDir), [])];
  for (const path of candidates) {
    const binary = await inspect(path, dataDir, say);
    if (binary !== null) return binary;
  }
  return null;
}

async function inspect(path: string, dataDir: string, say: Say): Promise<ServerBinary | null> {
  const needed = `${OLDEST_SERVER.join('.')} or newer is needed`;
  try {
    const { output, fresh } = await versionOutput(path, '--version', dataDir);
    const version = /Server (\d+)\.(\d+)\.(\d+)/.exec(output);
    const isNewEnough = version !== null && !isOlder([Number(version[1]), Number(version[2])]);
    if (isNewEnough) return { path, serverVersion: version.slice(1).join('.') };
    const found = version === null ? `says "${output.trim()}"` : `brings server ${version.slice(1).join('.')}`;
    if (fresh) say(`Passing over ${path}: it ${found}, ${needed}.`);
  } catch (error) {
    say(`Passing over ${path}: it does not start (${errorMessage(error)}).`);
  }
  return null;
}

function isOlder([major, minor]: [number, number]): boolean {
  const [oldestMajor, oldestMinor] = OLDEST_SERVER;
  return major < oldestMajor || (major === oldestMajor && minor < oldestMinor);
}
