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

const known = new Map<string, Promise<ReadonlySet<string>>>();

/** Whether this ffmpeg was built with a filter; asked once per process. */
export function hasFilter(tools: MediaTools, filter: string): Promise<boolean> {
  return has(tools, 'filters', filter);
}

/** Whether this ffmpeg was built with an encoder, by its own name; asked once per process. */
export function hasEncoder(tools: MediaTools, encoder: string): Promise<boolean> {
  return has(tools, 'encoders', encoder);
}

async function has({ ffmpegPath }: MediaTools, kind: 'filters' | 'encoders', name: string): Promise<boolean> {
  const key = `${ffmpegPath} ${kind}`;
  const names = known.get(key) ?? list(ffmpegPath, kind);
  known.set(key, names);
  // An ffmpeg that could not be asked is asked again.
  names.catch(() => known.delete(key));
  return (await names).has(name);
}

/** Names from lines such as ` T.. blackdetect       V->V       …` and ` V....D libx264              …`: flags, then the name. */
async function list(ffmpegPath: string, kind: 'filters' | 'encoders'): Promise<ReadonlySet<string>> {
  const { stdout } = await outputOf(ffmpegPath, ['-hide_banner', `-${kind}`]);
  return new Set(stdout.split('\n').flatMap((line) => /^ [A-Z.]{2,} +(\S+)/.exec(line)?.[1] ?? []));
}
