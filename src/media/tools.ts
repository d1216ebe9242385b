import type { DecodeThread } from './decode-thread-handle.js';

/** Programs that media code runs, and how. */
export interface MediaTools {
  /** Name looked up on PATH, or absolute path. */
  ffmpegPath: string;
  /** Name looked up on PATH, or absolute path. */
  ffprobePath: string;
  /** Directory where running programs are recorded, so that a later owner ends what a crash left behind; absent: not recorded. */
  childrenDir?: string;
  /** Directory for temporary files, there already; absent: the system's. */
  workDir?: string;
  /** Thread on which segments are decoded; absent: the caller's. */
  decodeThread?: DecodeThread;
}

/** ffmpeg and ffprobe as PATH finds them. */
export const TOOLS_ON_PATH: MediaTools = { ffmpegPath: 'ffmpeg', ffprobePath: 'ffprobe' };
