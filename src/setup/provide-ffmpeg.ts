import { createInterface } from 'node:readline/promises';
import { errorMessage } from '../domain/error-code.js';
import { isRecentEnough, MINIMUM_FFMPEG, parseFfmpegVersion } from '../media/ffmpeg-features.js';
import { findPrograms } from './find-program.js';
import { FFMPEG, type InstallCommand, installCommand } from './package-manager.js';
import { versionOutput } from './program-version.js';
import { runStep } from './run-step.js';
import type { Say } from './say.js';

const OLDEST = `${MINIMUM_FFMPEG.major}.${MINIMUM_FFMPEG.minor}`;

/** What is needed to find ffmpeg, and to install it where that is wanted. */
export interface FfmpegSearch {
  ffmpegPath: string;
  ffprobePath: string;
  dataDir: string;
  searchPath: string[];
  say: Say;
  /** Whether a person can be asked; default: stdin and stderr are terminals. */
  interactive?: boolean;
  /** Whether this process may install programs; default: its user is root. */
  isRoot?: boolean;
}

/** Absolute paths of the two programs. */
export interface Ffmpeg {
  ffmpegPath: string;
  ffprobePath: string;
}

/** Thrown when there is no usable ffmpeg and it could not or should not be installed. */
export class FfmpegMissingError extends Error {
  override name = 'FfmpegMissingError' as const;

  constructor(
    /** What is wrong, in words. */
    readonly problem: string,
    /** The command that mends it; `null` when this system's package manager is not known. */
    readonly command: string | null,
  ) {
    const mend =
      command === null ? 'Install it from https://ffmpeg.org/download.html' : `Install it with:\n  ${command}`;
    super(
      `${problem}: framewarden decodes videos with ffmpeg ${OLDEST} or newer. ${mend}\n` +
        'or name the programs in FRAMEWARDEN_FFMPEG and FRAMEWARDEN_FFPROBE.',
    );
  }
}

/**
 * Finds ffmpeg and ffprobe. Where they are missing they are installed by the system's package manager as root without a terminal,
 * after asking on a terminal, and otherwise not.
 * @throws {FfmpegMissingError}
 */
export async function provideFfmpeg(search: FfmpegSearch): Promise<Ffmpeg> {
  const found = await findFfmpeg(search);
  if (typeof found !== 'string') return found;
  const isRoot = search.isRoot ?? process.getuid?.() === 0;
  const interactive = search.interactive ?? (process.stdin.isTTY && process.stderr.isTTY);
  const command = installCommand(FFMPEG, search.searchPath, isRoot);
  const mayInstall = command !== null && (interactive ? await isAgreed(found, command) : isRoot);
  if (!mayInstall) throw new FfmpegMissingError(found, command?.text ?? null);
  search.say(`${found}. Installing it: ${command.text} (one to three minutes, once) …`);
  try {
    for (const step of command.steps) await runStep(step, { interactive });
  } catch (error) {
    throw new FfmpegMissingError(`${found}, and installing it failed (${errorMessage(error)})`, command.text);
  }
  const installed = await findFfmpeg(search);
  if (typeof installed === 'string') throw new FfmpegMissingError(`${installed}, also after ${command.text}`, null);
  return installed;
}

/** The programs, or what is wrong with them. */
async function findFfmpeg({ ffmpegPath, ffprobePath, searchPath, dataDir }: FfmpegSearch): Promise<Ffmpeg | string> {
  const paths: string[] = [];
  for (const name of [ffmpegPath, ffprobePath]) {
    const path = findPrograms(name, searchPath)[0];
    if (path === undefined) return `The program ${name} is missing`;
    try {
      const { output } = await versionOutput(path, '-version', dataDir);
      const version = parseFfmpegVersion(output);
      if (version === null) return `${path} says "${output}" instead of its version`;
      if (!isRecentEnough(version)) return `${path} is of release ${version.text}`;
    } catch (error) {
      return `${path} does not start (${errorMessage(error)})`;
    }
    paths.push(path);
  }
  const [ffmpeg = '', ffprobe = ''] = paths;
  return { ffmpegPath: ffmpeg, ffprobePath: ffprobe };
}

async function isAgreed(problem: string, command: InstallCommand): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question(`${problem}. Install it now with \`${command.text}\`? [Y/n] `);
    return /^(y(es)?)?$/i.test(answer.trim());
  } finally {
    terminal.close();
  }
}
