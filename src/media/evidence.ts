import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { processMark } from '../process/leftovers.js';
import type { SamplingMode } from '../schema/options.js';
import type { SamplePlan, Segment } from '../schema/plan.js';
import type { VideoInfo } from '../schema/video.js';
import { clipArgs } from './clip-args.js';
import { decodeSegment } from './decode.js';
import { hasFilter } from './ffmpeg-features.js';
import { runFfmpeg } from './ffmpeg.js';
import { frameConversion, isHdr } from './frame-format.js';
import { frameToJpeg, type Jpeg } from './image.js';
import type { MediaTools } from './tools.js';

/** A video as it was classified. */
export interface ClassifiedVideo {
  /** Local file. */
  path: string;
  video: VideoInfo;
  plan: SamplePlan;
  sampling: SamplingMode;
  /** The segments as they were classified in the end: their starts are proven. */
  segments: readonly Segment[];
  tools: MediaTools;
}

/** The frame of one sample. */
export interface SampleJpeg extends Jpeg {
  sample: number;
}

/** Longest side of clips: they show what happens, for details there are the frames; half the pixels of 720p take half the time to encode. */
const CLIP_PX = 960;

/** Longest span that a clip may show, in seconds. */
export const CLIP_MAX_S = 60;

/** The frames of these samples, as JPEG of at most 1280 px: decoded as they were for classifying, so that they are the very same pictures. */
export async function* takeFrames(
  classified: ClassifiedVideo,
  samples: readonly number[],
  { signal }: { signal: AbortSignal },
): AsyncGenerator<SampleJpeg, void, undefined> {
  for (const segment of classified.segments) {
    const wanted = samples.filter((sample) => sample >= segment.from && sample < segment.to);
    if (wanted.length === 0) continue;
    // Its own start is proven already, and nothing behind the last wanted sample is of interest.
    const part = { ...segment, to: Math.max(...wanted) + 1, nextStartPts: null };
    const { frames } = decodeSegment({ ...classified, segment: part, from: Math.min(...wanted) }, { signal });
    for await (const frame of frames) {
      const { sample } = frame;
      try {
        if (wanted.includes(sample)) yield { sample, ...(await frameToJpeg(frame)) };
      } finally {
        frame.release();
      }
    }
  }
}

/** A clip that every browser plays. */
export interface Clip {
  widthPx: number;
  heightPx: number;
  /** `video/mp4`: H.264 High in 4:2:0 and AAC, the index at the front. */
  contentType: 'video/mp4';
  bytes: Buffer;
}

/**
 * The span from `startS` to `endS` (seconds from the first frame, at most CLIP_MAX_S apart) with its sound, at most CLIP_PX.
 * Nothing is left in the directory for temporary files.
 */
export async function makeClip(
  classified: ClassifiedVideo,
  span: { startS: number; endS: number },
  { signal }: { signal: AbortSignal },
): Promise<Clip> {
  const { path, video, segments, tools } = classified;
  const { startS } = span;
  const endS = Math.min(span.endS, startS + CLIP_MAX_S);
  if (!(startS >= 0 && endS > startS)) throw new RangeError(`Expected 0 ≤ start < end, got ${startS} to ${span.endS}.`);
  const { filters } = frameConversion(video, isHdr(video) && (await hasFilter(tools, 'zscale')));
  const size = clipSize(video);
  const args = clipArgs({
    video,
    seekPts: provenStart(video, segments, startS),
    startS,
    endS,
    size,
    frameFilters: filters,
  });
  const directory = await mkdtemp(join(tools.workDir ?? tmpdir(), processMark()));
  try {
    const target = join(directory, 'clip.mp4');
    await runFfmpeg({ ...args, path, target }, { tools, signal });
    return { ...size, contentType: 'video/mp4', bytes: await readFile(target) };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** The last proven seek point at or before an instant; `null`: the beginning. */
function provenStart({ timeBase }: VideoInfo, segments: readonly Segment[], atS: number): number | null {
  const starts = segments.map(({ startPts }) => startPts).filter((pts) => pts !== null);
  return starts.filter((pts) => (pts * timeBase.num) / timeBase.den <= atS).at(-1) ?? null;
}

/** Fitted into CLIP_PX, even as 4:2:0 needs it. */
function clipSize({ widthPx, heightPx }: VideoInfo): { widthPx: number; heightPx: number } {
  const scale = Math.min(1, CLIP_PX / Math.max(widthPx, heightPx));
  const even = (px: number): number => Math.max(2, Math.round((px * scale) / 2) * 2);
  return { widthPx: even(widthPx), heightPx: even(heightPx) };
}
