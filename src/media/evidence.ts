import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { processMark } from '../process/leftovers.js';
import type { VideoInfo } from '../schema/video.js';
import type { ClassifiedVideo } from './classified-video.js';
import { clipArgs } from './clip-args.js';
import { CLIP_FORMATS, type ClipFormat } from './clip-formats.js';
import { hasEncoder, hasFilter } from './ffmpeg-features.js';
import { runFfmpeg } from './ffmpeg.js';
import { frameConversion, isHdr } from './frame-format.js';
import type { MediaTools } from './tools.js';

/** Longest side of clips: they show what happens, for details there are the frames; half the pixels of 720p take half the time to encode. */
const CLIP_PX = 960;

/** Longest span that a clip may show, in seconds. */
export const CLIP_MAX_S = 60;

/** A clip that every browser plays. */
export interface Clip {
  widthPx: number;
  heightPx: number;
  contentType: ClipFormat['contentType'];
  bytes: Buffer;
}

/** What a clip is made with. */
export interface MakeClipOptions {
  signal: AbortSignal;
  /** Key frames, in ticks after the first frame, that are proven to be safe starts besides those of the segments. */
  provenPts?: readonly number[];
  /** What the clip may be, best first; default all that browsers play. */
  formats?: readonly ClipFormat[];
}

/**
 * The span from `startS` to `endS` (seconds from the first frame, at most CLIP_MAX_S apart) with its sound, at most CLIP_PX; `null` when this ffmpeg has
 * the encoders of no format. Nothing is left in the directory for temporary files.
 */
export async function makeClip(
  classified: ClassifiedVideo,
  span: { startS: number; endS: number },
  { signal, provenPts = [], formats = CLIP_FORMATS }: MakeClipOptions,
): Promise<Clip | null> {
  const { path, video, segments, tools } = classified;
  const { startS } = span;
  const endS = Math.min(span.endS, startS + CLIP_MAX_S);
  if (!(startS >= 0 && endS > startS)) throw new RangeError(`Expected 0 ≤ start < end, got ${startS} to ${span.endS}.`);
  const format = await firstMade(formats, tools);
  if (format === undefined) return null;
  const { filters } = frameConversion(video, isHdr(video) && (await hasFilter(tools, 'zscale')));
  const size = clipSize(video);
  const args = clipArgs({
    video,
    seekPts: provenStart(video, [...segments.map((segment) => segment.startPts), ...provenPts], startS),
    startS,
    endS,
    size,
    frameFilters: filters,
    format,
  });
  const directory = await mkdtemp(join(tools.workDir ?? tmpdir(), processMark()));
  try {
    const target = join(directory, 'clip');
    await runFfmpeg({ ...args, path, target }, { tools, signal });
    return { ...size, contentType: format.contentType, bytes: await readFile(target) };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** The first format that this ffmpeg has all encoders for. */
async function firstMade(formats: readonly ClipFormat[], tools: MediaTools): Promise<ClipFormat | undefined> {
  for (const format of formats) {
    const found = await Promise.all(format.encoders.map((encoder) => hasEncoder(tools, encoder)));
    if (!found.includes(false)) return format;
  }
  return undefined;
}

/** The last proven seek point at or before an instant; `null`: the beginning. */
function provenStart({ timeBase }: VideoInfo, proven: readonly (number | null)[], atS: number): number | null {
  const before = proven.filter((pts) => pts !== null && (pts * timeBase.num) / timeBase.den <= atS);
  return before.reduce((last, pts) => (last === null || (pts ?? 0) > last ? pts : last), null);
}

/** Fitted into CLIP_PX, even as 4:2:0 needs it. */
function clipSize({ widthPx, heightPx }: VideoInfo): { widthPx: number; heightPx: number } {
  const scale = Math.min(1, CLIP_PX / Math.max(widthPx, heightPx));
  const even = (px: number): number => Math.max(2, Math.round((px * scale) / 2) * 2);
  return { widthPx: even(widthPx), heightPx: even(heightPx) };
}
