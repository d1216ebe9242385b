import type { VideoInfo } from '../schema/video.js';
import type { ClipFormat } from './clip-formats.js';
import { decoderHints, seekTo } from './decode-args.js';

/** Frames a second at most: enough to judge, half the bytes of 60. */
const MAX_RATE = 30;
/** Frames a second at least: a slide show stays on its slide, and players seek by frames. */
const MIN_RATE = 5;

/** What decides the command line of one clip. */
export interface ClipArgsInput {
  video: VideoInfo;
  /** Key frame to seek to, in ticks after the first frame; `null`: the beginning. */
  seekPts: number | null;
  startS: number;
  endS: number;
  /** Even. */
  size: { widthPx: number; heightPx: number };
  /** Filters from a decoded picture to a frame. */
  frameFilters: readonly string[];
  format: ClipFormat;
}

/** Options before and after the input of the command that makes a clip. */
export function clipArgs(input: ClipArgsInput): { inputOptions: string[]; outputOptions: string[] } {
  const { video, seekPts, size, format } = input;
  const [pictureEncoder, soundEncoder] = format.encoders;
  const picture = [
    ...spanFilters(input),
    ...input.frameFilters,
    `scale=${size.widthPx}:${size.heightPx}:flags=bicubic:out_range=tv`,
    'format=yuv420p',
    'setsar=1',
  ];
  return {
    inputOptions: [
      ...['-copyts', '-noautorotate', '-reinit_filter', '0'],
      ...decoderHints(video),
      ...seekTo(video, seekPts),
    ],
    outputOptions: [
      ...['-map', `0:${video.streamIndex}`, '-vf', picture.join(',')],
      ...['-map', '0:a:0?', '-af', soundFilters(input).join(',')],
      // Chapters, titles and the place of recording are not evidence.
      ...['-map_metadata', '-1', '-map_chapters', '-1', '-sn', '-dn'],
      ...['-fps_mode', 'vfr', '-c:v', pictureEncoder, '-c:a', soundEncoder, ...format.options],
    ],
  };
}

/** The pictures of the span at a constant rate, their times counted from its start; the first is the one on screen then. */
function spanFilters({ video, startS, endS }: ClipArgsInput): string[] {
  const { num, den } = video.timeBase;
  const startTicks = Math.round((startS * den) / num);
  const rate = Math.min(MAX_RATE, Math.max(MIN_RATE, video.frameRate)).toFixed(3);
  return [
    ...(video.timeline === 'source'
      ? [`setpts=PTS-(${video.firstPts + startTicks})`]
      : [`settb=${num}/${den}`, `setpts=N-${startTicks}`]),
    `fps=${rate}:round=up:start_time=0`,
    `trim=end=${(endS - startS).toFixed(6)}`,
  ];
}

function soundFilters({ video, startS, endS }: ClipArgsInput): string[] {
  const offsetS = video.timeline === 'source' ? (video.firstPts * video.timeBase.num) / video.timeBase.den : 0;
  const [from, to] = [offsetS + startS, offsetS + endS].map((seconds) => seconds.toFixed(6));
  return [`atrim=start=${from}:end=${to}`, `asetpts=PTS-(${from})/TB`];
}
