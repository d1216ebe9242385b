/** Reading of what ffmpeg writes to stderr with `-loglevel level+…` and `-progress pipe:2`. */

/** The message of a line of level error or worse, without the address of the part that wrote it, which differs in every run; else `null`. */
export function errorIn(line: string): string | null {
  const match = /^(?:\[([^\]@]+?)(?: @ 0x[0-9a-f]+)?\] )*\[(?:error|fatal|panic)\] (.*)$/.exec(line);
  if (match === null) return null;
  const [, part, message = ''] = match;
  return part === undefined ? message : `${part}: ${message}`;
}

/** Whether a line is part of a progress report. */
export function isProgress(line: string): boolean {
  return /^(frame|fps|stream_\d+_\d+_\w+|bitrate|total_size|out_time(_us|_ms)?|dup_frames|drop_frames|speed|progress)=/.test(
    line,
  );
}
