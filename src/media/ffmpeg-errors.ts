/** Thrown when ffmpeg or ffprobe ends otherwise than well. */
export class FfmpegError extends Error {
  override name = 'FfmpegError' as const;

  constructor(
    /** `null` when it was ended by a signal or never ran. */
    readonly exitCode: number | null,
    readonly signal: NodeJS.Signals | null,
    /** Its last lines on stderr. */
    readonly stderrTail: readonly string[],
    /** Program and arguments. */
    readonly command: readonly string[],
  ) {
    const how = signal === null ? `exit code ${exitCode ?? 'none'}` : `signal ${signal}`;
    super(`ffmpeg ended with ${how}, expected exit code 0: ${stderrTail.slice(-3).join(' | ') || 'it said nothing'}.`);
  }
}

/** Thrown when ffmpeg gave no sign of progress for too long and was ended. */
export class FfmpegStalledError extends Error {
  override name = 'FfmpegStalledError' as const;

  constructor(
    /** Seconds that it was waited for. */
    readonly stallS: number,
    /** Its last lines on stderr. */
    readonly stderrTail: readonly string[],
  ) {
    super(`ffmpeg made no progress for ${stallS} s and was ended. The file or the disk that holds it may be damaged.`);
  }
}
