import { outputOf } from '../process/output.js';
import type { MediaTools } from './tools.js';

/** Oldest ffmpeg with all the options and filters used here (`-fps_mode`). */
export const MINIMUM_FFMPEG = { major: 5, minor: 1 };

/** Version of an ffmpeg or ffprobe. Builds from a development tree have no number and count as newest. */
export interface FfmpegVersion {
  major: number;
  minor: number;
  /** As it names itself, for example `5.1.9-0+deb12u1`. */
  text: string;
}

/** Version from the first line that `ffmpeg -version` or `ffprobe -version` prints, or `null` when it is another line. */
export function parseFfmpegVersion(line: string): FfmpegVersion | null {
  const text = /^ff\w+ version (\S+)/.exec(line)?.[1];
  if (text === undefined) return null;
  const number = /^n?(\d+)\.(\d+)/.exec(text);
  const [major, minor] = number === null ? [Infinity, 0] : [Number(number[1]), Number(number[2])];
  return { major, minor, text };
}

/** Whether a version has all that is used here. */
export function isRecentEnough({ major, minor }: FfmpegVersion): boolean {
  return major > MINIMUM_FFMPEG.major || (major === MINIMUM_FFMPEG.major && minor >= MINIMUM_FFMPEG.minor);
}

const known = new Map<string, Promise<boolean>>();

/** Whether this ffmpeg was built with a filter; asked once per process. */
export function hasFilter(tools: MediaTools, filter: string): Promise<boolean> {
  return has(tools, 'filter', filter);
}

/** Whether this ffmpeg was built with an encoder, by its own name; asked once per process. */
export function hasEncoder(tools: MediaTools, encoder: string): Promise<boolean> {
  return has(tools, 'encoder', encoder);
}

function has({ ffmpegPath }: MediaTools, kind: 'filter' | 'encoder', name: string): Promise<boolean> {
  const key = `${ffmpegPath} ${kind} ${name}`;
  const answer = known.get(key) ?? ask(ffmpegPath, kind, name);
  known.set(key, answer);
  return answer;
}

async function ask(ffmpegPath: string, kind: 'filter' | 'encoder', name: string): Promise<boolean> {
  const { stdout } = await outputOf(ffmpegPath, ['-hide_banner', '-h', `${kind}=${name}`]);
  return stdout.startsWith(`${kind === 'filter' ? 'Filter' : 'Encoder'} ${name}`);
}
