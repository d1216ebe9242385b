import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { glob, isDynamicPattern } from 'tinyglobby';
import { errorCode } from '../domain/error-code.js';
import { UsageError } from './usage-error.js';

/** Names of files that are taken from a directory; a file that is named itself is always tried. */
const VIDEO_NAMES =
  '**/*.{mp4,m4v,mov,mkv,webm,avi,mpg,mpeg,m2v,ts,m2ts,mts,ogv,ogg,flv,wmv,asf,3gp,3g2,mxf,vob,gif,y4m,h264,h265,hevc,ivf}';

/**
 * Absolute paths of the videos that the arguments name: files, directories (searched for names of videos) and patterns. In the order of the arguments,
 * each file once.
 * @throws {UsageError} when an argument names nothing.
 */
export async function findVideos(args: readonly string[], cwd: string): Promise<string[]> {
  const found = await Promise.all(args.map((arg) => expand(arg, cwd)));
  return [...new Set(found.flat())];
}

async function expand(arg: string, cwd: string): Promise<string[]> {
  const path = resolve(cwd, arg);
  const kind = await kindOf(path);
  if (kind === 'file') return [path];
  if (kind === 'directory') {
    return orNothing(
      await search(VIDEO_NAMES, path),
      `Expected ${arg} to hold videos, found no file with the name of one.`,
    );
  }
  if (!isDynamicPattern(arg))
    throw new UsageError(`Expected ${arg} to be a video, a directory or a pattern, found nothing there.`);
  return orNothing(await search(arg, cwd), `Expected the pattern ${arg} to match videos, it matches no file.`);
}

async function search(pattern: string, cwd: string): Promise<string[]> {
  const found = await glob(pattern, { cwd, absolute: true, caseSensitiveMatch: false, expandDirectories: false });
  return found.sort();
}

function orNothing(found: string[], otherwise: string): string[] {
  if (found.length === 0) throw new UsageError(otherwise);
  return found;
}

async function kindOf(path: string): Promise<'file' | 'directory' | null> {
  try {
    return (await stat(path)).isDirectory() ? 'directory' : 'file';
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return null;
    throw error;
  }
}
