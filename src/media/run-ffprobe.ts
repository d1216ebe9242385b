import { outputOf } from '../process/output.js';
import { UnreadableError } from './errors.js';
import { FfmpegError } from './ffmpeg-errors.js';
import { errorIn } from './ffmpeg-log.js';
import { CONFINED, DECODER_LIMITS, inputName } from './ffmpeg.js';
import type { MediaTools } from './tools.js';

/** What ffprobe needs besides the file. */
export interface ProbeRun {
  tools: MediaTools;
  signal: AbortSignal;
}

/**
 * Runs ffprobe on one file.
 * @throws {UnreadableError} when it cannot make the file out.
 * @throws {FfmpegError} when it is not there or was ended by a signal.
 */
export async function ffprobe(
  path: string,
  args: readonly string[],
  { tools, signal }: ProbeRun,
  onLine?: (line: string) => void,
): Promise<{ stdout: string; errors: string[] }> {
  const all = ['-hide_banner', '-loglevel', 'repeat+level+error', ...CONFINED, ...args, inputName(path)];
  const { childrenDir } = tools;
  const {
    stdout,
    stderr,
    exitCode,
    signal: endedBy,
  } = await outputOf(tools.ffprobePath, all, {
    signal,
    limits: DECODER_LIMITS,
    ...(childrenDir === undefined ? {} : { childrenDir }),
    ...(onLine === undefined ? {} : { onLine }),
  });
  const errors = stderr.split('\n').flatMap((line) => errorIn(line) ?? []);
  if (exitCode === 1) throw new UnreadableError(path, reasonOf(errors));
  if (exitCode !== 0)
    throw new FfmpegError(exitCode, endedBy, stderr.trim().split('\n').slice(-5), [tools.ffprobePath, ...all]);
  return { stdout, errors };
}

/** The first error names the cause; those behind it only what followed from it, and the last ends with the path. */
function reasonOf(errors: readonly string[]): string {
  const [first = 'ffprobe could not open it'] = errors;
  if (/not on whitelist/.test(first)) return 'it is of a kind that holds no video itself, such as a playlist';
  return first.replace(/^file:.*: /, '');
}
