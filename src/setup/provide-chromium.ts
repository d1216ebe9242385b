import { errorMessage } from '../domain/error-code.js';
import { findPrograms } from './find-program.js';
import { CHROMIUM, installCommand } from './package-manager.js';
import { runStep } from './run-step.js';
import type { Say } from './say.js';

/** Thrown when there is no Chromium for the tests and it could not or should not be installed. */
export class ChromiumMissingError extends Error {
  override name = 'ChromiumMissingError' as const;

  constructor(
    /** What is wrong, in words. */
    readonly problem: string,
    /** The command that mends it; `null` when this system's package manager is not known. */
    readonly command: string | null,
  ) {
    const mend = command === null ? 'Install it from https://www.chromium.org/' : `Install it with:\n  ${command}`;
    super(`${problem}: the tests of the review console drive one. ${mend}\nor name it in FRAMEWARDEN_CHROMIUM.`);
  }
}

/** Where to look for Chromium. */
export interface ChromiumSearch {
  /** A path or a name that was given; `null`: the usual names. */
  chromiumPath: string | null;
  searchPath: readonly string[];
  /** Whether this process may install programs; default: its user is root. */
  isRoot?: boolean;
}

/** Names of Debian, Fedora and Alpine, of Chrome, and where macOS keeps applications. */
const NAMES = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** Absolute path of the browser; `null` where there is none. */
export function findChromium({ chromiumPath, searchPath }: ChromiumSearch): string | null {
  const names = chromiumPath === null ? NAMES : [chromiumPath];
  return names.flatMap((name) => findPrograms(name, searchPath))[0] ?? null;
}

/** What is missing, and how it gets here. */
export function chromiumMissing({
  chromiumPath,
  searchPath,
  isRoot = process.getuid?.() === 0,
}: ChromiumSearch): ChromiumMissingError {
  const command = installCommand(CHROMIUM, searchPath, isRoot);
  const problem = chromiumPath === null ? 'There is no Chromium' : `The program ${chromiumPath} is missing`;
  return new ChromiumMissingError(problem, command?.text ?? null);
}

/**
 * Finds Chromium for the tests; as root it is installed by the system's package manager where it is missing, and otherwise not.
 * @throws {ChromiumMissingError}
 */
export async function provideChromium(search: ChromiumSearch & { say: Say }): Promise<string> {
  const found = findChromium(search);
  if (found !== null) return found;
  const isRoot = search.isRoot ?? process.getuid?.() === 0;
  const command = installCommand(CHROMIUM, search.searchPath, isRoot);
  if (command === null || !isRoot || search.chromiumPath !== null) throw chromiumMissing(search);
  search.say(`There is no Chromium for the tests. Installing it: ${command.text} (one to three minutes, once) …`);
  try {
    for (const step of command.steps) await runStep(step);
  } catch (error) {
    throw new ChromiumMissingError(
      `There is no Chromium, and installing it failed (${errorMessage(error)})`,
      command.text,
    );
  }
  const installed = findChromium(search);
  if (installed === null) throw new ChromiumMissingError(`There is no Chromium, also after ${command.text}`, null);
  return installed;
}
