import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { errorMessage } from '../domain/error-code.js';
import { fetchedServer, findServer, type ServerBinary, type ServerSearch } from '../temporal/find-server.js';
import { findPrograms } from './find-program.js';
import { runStep } from './run-step.js';

/** The newest release that `go install` can build (later ones have `replace` in go.mod); both ways of fetching take the same one. */
const CLI_VERSION = 'v1.5.1';
const CLI_MODULE = `github.com/temporalio/cli/cmd/temporal@${CLI_VERSION}`;

/** A download of about 60 MB; a line slower than 200 kB/s is better served by a package manager. */
const DOWNLOAD_LIMIT_MS = 300_000;

/** Go fetches by itself the toolchain that a module asks for; from this release on that was tried. */
const OLDEST_GO = [1, 23] as const;

/** What a crash left of an attempt to fetch is removed after this time. */
const LEFTOVER_MS = 3_600_000;

/** Where to look for a server, and when to give up fetching one. */
export interface ServerProvision extends ServerSearch {
  signal: AbortSignal;
}

/** Thrown when no Temporal server is there and none could be fetched. */
export class ServerMissingError extends Error {
  override name = 'ServerMissingError' as const;

  constructor(
    /** Why each way of fetching it failed. */
    readonly attempts: readonly string[],
    dataDir: string,
  ) {
    super(
      [
        'There is no Temporal server of version 1.29 or newer, and none could be fetched:',
        ...attempts.map((attempt) => `  - ${attempt}`),
        'Do one of these and run the command again:',
        '  brew install temporal',
        '  curl -sSf https://temporal.download/cli.sh | sh    (and put the directory that it names on PATH)',
        `  CGO_ENABLED=0 GOBIN='${join(dataDir, 'bin')}' go install -ldflags '-s -w' ${CLI_MODULE}`,
        '  export TEMPORAL_ADDRESS=HOST:PORT    (to use a cluster that runs already)',
      ].join('\n'),
    );
  }
}

/**
 * Finds a Temporal server or fetches one into the data directory.
 * @throws {ServerMissingError} and the signal's reason.
 */
export async function provideServer(provision: ServerProvision): Promise<ServerBinary> {
  const found = await findServer(provision);
  if (found !== null) return found;
  const attempts: string[] = [];
  for (const fetch of [download, buildWithGo]) {
    try {
      await fetch(provision);
      const fetched = await findServer(provision);
      if (fetched !== null) return fetched;
      attempts.push('The server that was fetched does not run on this machine.');
    } catch (error) {
      provision.signal.throwIfAborted();
      attempts.push(errorMessage(error));
    }
  }
  throw new ServerMissingError(attempts, provision.dataDir);
}

async function download({ dataDir, say, signal }: ServerProvision): Promise<void> {
  say(`Fetching Temporal ${CLI_VERSION} from temporal.download (about 60 MB, once) …`);
  // Temporal's native part, once loaded for a download, could no longer be configured by this process: it is loaded in another.
  const program = fileURLToPath(new URL('./download-server.js', import.meta.url));
  const limit = AbortSignal.any([signal, AbortSignal.timeout(DOWNLOAD_LIMIT_MS)]);
  await intoPlace(dataDir, async (directory) => {
    await runStep([process.execPath, program, directory, CLI_VERSION], { signal: limit }).catch((error: unknown) => {
      throw new Error(`The download failed: ${lastCause(error)}.`, { cause: error });
    });
  });
}

/** Temporal's native part repeats the address in every link of the chain of causes; the last one says what happened. */
function lastCause(error: unknown): string {
  return errorMessage(error).replace(/^.*\): /s, '');
}

async function buildWithGo({ dataDir, searchPath, say, signal }: ServerProvision): Promise<void> {
  const go = await usableGo(searchPath);
  say(
    'temporal.download cannot be reached. Building Temporal with Go ' +
      `(${CLI_MODULE}: about 3 minutes, 300 MB of download, 1.5 GB of memory, once) …`,
  );
  await intoPlace(dataDir, async (directory) => {
    // Without symbol tables: 213 MB instead of 252. `env` adds to the environment without our reading it.
    await runStep(['env', 'CGO_ENABLED=0', `GOBIN=${directory}`, go, 'install', '-ldflags', '-s -w', CLI_MODULE], {
      signal,
    });
  });
}

async function usableGo(searchPath: string[]): Promise<string> {
  const needed = `Go ${OLDEST_GO.join('.')} or newer`;
  const go = findPrograms('go', searchPath)[0];
  if (go === undefined) throw new Error(`It cannot be built either: ${needed} is not on PATH.`);
  const { stdout } = await promisify(execFile)(go, ['version']);
  const [, major = 0, minor = 0] = /go(\d+)\.(\d+)/.exec(stdout) ?? [];
  const isOlder = Number(major) < OLDEST_GO[0] || (Number(major) === OLDEST_GO[0] && Number(minor) < OLDEST_GO[1]);
  if (isOlder) throw new Error(`It cannot be built either: ${needed} is needed, ${go} is "${stdout.trim()}".`);
  return go;
}

/** Has a server made in a directory of its own and moves it to its place: what lies there is whole. */
async function intoPlace(dataDir: string, make: (directory: string) => Promise<void>): Promise<void> {
  const place = fetchedServer(dataDir);
  await mkdir(dirname(place), { recursive: true });
  await removeLeftovers(dirname(place));
  const directory = await mkdtemp(join(dirname(place), 'fetching-'));
  try {
    await make(directory);
    const made = (await readdir(directory)).find((name) => name.startsWith('temporal'));
    if (made === undefined) throw new Error(`Expected a Temporal server in ${directory}, found none.`);
    await rename(join(directory, made), place);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function removeLeftovers(binDir: string): Promise<void> {
  for (const name of await readdir(binDir)) {
    const path = join(binDir, name);
    if (!name.startsWith('fetching-') || Date.now() - (await stat(path)).mtimeMs < LEFTOVER_MS) continue;
    await rm(path, { recursive: true, force: true });
  }
}
