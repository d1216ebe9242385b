import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { errorMessage } from '../domain/error-code.js';
import { findPrograms } from './find-program.js';
import { installCommand, POSTGRES } from './package-manager.js';
import { runStep } from './run-step.js';
import type { Say } from './say.js';

/** Thrown when there is no Postgres server for the tests and it could not or should not be installed. */
export class PostgresMissingError extends Error {
  override name = 'PostgresMissingError' as const;

  constructor(
    /** What is wrong, in words. */
    readonly problem: string,
    /** The command that mends it; `null` when this system's package manager is not known. */
    readonly command: string | null,
  ) {
    const mend =
      command === null ? 'Install it from https://www.postgresql.org/download/' : `Install it with:\n  ${command}`;
    super(`${problem}: the tests start a Postgres server of their own, with initdb and postgres. ${mend}`);
  }
}

/** Where to look for Postgres. */
export interface PostgresSearch {
  searchPath: readonly string[];
  /** Whether this process may install programs; default: its user is root. */
  isRoot?: boolean;
  /** Folders of Postgres' packages, which are not on PATH; default: those of Debian, Fedora, Alpine and Homebrew. */
  packageDirs?: readonly string[];
}

/** Folders that hold one folder a version, which has the programs in itself or in its `bin`. */
const PACKAGE_DIRS = ['/usr/lib/postgresql', '/usr/libexec', '/opt/homebrew/opt', '/usr/local/opt'];

/** The folder of `initdb` and `postgres`; the newest version where there are several, `null` where there is none. */
export function findPostgres({ searchPath, packageDirs = PACKAGE_DIRS }: PostgresSearch): string | null {
  const installed = packageDirs.flatMap((parent) =>
    foldersIn(parent)
      .filter((name) => /^(postgresql@?)?\d*$/.test(name))
      .sort((one, two) => versionOf(two) - versionOf(one))
      .flatMap((name) => [join(parent, name, 'bin'), join(parent, name)]),
  );
  for (const directory of [...installed, ...searchPath]) {
    const [initdb, server] = ['initdb', 'postgres'].map((name) => findPrograms(name, [directory])[0]);
    if (initdb !== undefined && server !== undefined) return dirname(initdb);
  }
  return null;
}

const versionOf = (name: string): number => Number(/\d+$/.exec(name)?.[0] ?? 0);

function foldersIn(parent: string): string[] {
  try {
    return readdirSync(parent);
  } catch {
    // Another system's place.
    return [];
  }
}

/** What is missing, and how it gets here. */
export function postgresMissing({
  searchPath,
  isRoot = process.getuid?.() === 0,
}: PostgresSearch): PostgresMissingError {
  const command = installCommand(POSTGRES, searchPath, isRoot);
  return new PostgresMissingError('There is no Postgres server', command?.text ?? null);
}

/**
 * Finds Postgres for the tests; as root it is installed by the system's package manager where it is missing, and otherwise not.
 * @throws {PostgresMissingError}
 */
export async function providePostgres(search: PostgresSearch & { say: Say }): Promise<string> {
  const found = findPostgres(search);
  if (found !== null) return found;
  const isRoot = search.isRoot ?? process.getuid?.() === 0;
  const command = installCommand(POSTGRES, search.searchPath, isRoot);
  if (command === null || !isRoot) throw postgresMissing(search);
  search.say(`There is no Postgres server for the tests. Installing it: ${command.text} (a minute, once) …`);
  try {
    for (const step of command.steps) await runStep(step);
  } catch (error) {
    const problem = `There is no Postgres server, and installing it failed (${errorMessage(error)})`;
    throw new PostgresMissingError(problem, command.text);
  }
  const installed = findPostgres(search);
  if (installed === null)
    throw new PostgresMissingError(`There is no Postgres server, also after ${command.text}`, null);
  return installed;
}
