import { ceilTimes, divide } from '../domain/rational.js';
import type { SamplePlan, Segment } from '../schema/plan.js';
import type { VideoInfo } from '../schema/video.js';
import { hasFilter } from './ffmpeg-features.js';
import type { MediaTools } from './tools.js';

/** Filters that measure every picture. Every ffmpeg from 5.1 on has them, licence apart, unless it was built with few filters on purpose. */
export const WATCH_FILTERS = ['blackdetect', 'blurdetect', 'metadata', 'signalstats'] as const;

/** Thrown when this ffmpeg cannot measure every picture. */
export class MissingFilterError extends Error {
  override name = 'MissingFilterError' as const;

  constructor(
    readonly ffmpegPath: string,
    readonly filters: readonly string[],
  ) {
    super(
      `${ffmpegPath} has no filter ${filters.join(', ')}, which the scene live needs. Install a full ffmpeg (apt-get install ffmpeg), or leave the scene out.`,
    );
  }
}

/** @throws {MissingFilterError} when this ffmpeg was built without one of WATCH_FILTERS. */
export async function assertCanWatch(tools: MediaTools): Promise<void> {
  const has = await Promise.all(WATCH_FILTERS.map((filter) => hasFilter(tools, filter)));
  const missing = WATCH_FILTERS.filter((_, index) => has[index] !== true);
  if (missing.length > 0) throw new MissingFilterError(tools.ffmpegPath, missing);
}

/**
 * Side by side 160 × 90 points tell how bright a picture is and whether it changed. They are picked, not averaged: that costs next to nothing, and noise,
 * by which a camera that films something still differs from a picture that is frozen, is not smoothed away.
 */
const POINTS = 'scale=160:90:flags=neighbor:out_range=tv,format=yuv420p';

/** A picture is black when 98 % of it is darker than a tenth of the range: what blackdetect takes for black unless told otherwise. */
const BLACK = 'blackdetect=d=0:pic_th=0.98:pix_th=0.10';

/** Edges are measured this often: what is blurred for seconds is so twice in each, and measuring is the dearest part (7 ms a picture of 640 × 360). */
const BLUR_PER_S = 2;

/**
 * The mean width of edges, weak ones too, in that tenth of the blocks of 32 × 32 in which it is least: a picture with anything sharp in it is not blurred,
 * however soft its background.
 */
const BLUR = 'blurdetect=high=0.08:low=0.04:block_width=32:block_height=32:block_pct=10';

/** Longest side of the picture whose edges are measured: what is still sharp at this size nobody calls blurred. */
const BLUR_PX = 640;

/** Writes one value to stderr as it is, whatever is logged; a line at a time, so that none is torn by another. */
function print(key: string): string {
  return `metadata=mode=print:key=${key}:file='pipe\\:2':direct=1`;
}

/** What decides which pictures of a segment are watched. */
export interface WatchInput {
  video: VideoInfo;
  plan: SamplePlan;
  segment: Segment;
}

/**
 * Chains of filters from the pictures that come out at `source` to one output, `sink`, that takes nothing but time. Watched is every picture from the
 * segment's start to the first of the next one, which ties the two together; in the last one, to the end of the last sample's spacing.
 */
export function watchChains(input: WatchInput, source: string, sink: string): string[] {
  // A picture is the first one of its part of a second, whatever came before it.
  const select = `select='isnan(prev_t)+gt(floor(t*${BLUR_PER_S}),floor(prev_t*${BLUR_PER_S}))'`;
  const size = `scale=w='if(gt(iw,ih),min(iw,${BLUR_PX}),-2)':h='if(gt(iw,ih),-2,min(ih,${BLUR_PX}))':flags=area`;
  const measured = [POINTS, 'signalstats', print('lavfi.signalstats.YAVG'), print('lavfi.signalstats.YDIF'), BLACK];
  return [
    `${source}${[...watchedPart(input), 'split'].join(',')}[points][edges]`,
    `[points]${[...measured, print('lavfi.black_start'), print('lavfi.black_end')].join(',')}${sink}`,
    `[edges]${[select, size, 'format=gray', BLUR, print('lavfi.blur'), 'nullsink'].join(',')}`,
  ];
}

function watchedPart({ video, plan, segment }: WatchInput): string[] {
  const { timeline, timeBase, firstPts } = video;
  const { nextStartPts } = segment;
  const endPts = nextStartPts === null ? endOfPlan(video, plan) : nextStartPts + 1;
  const counted = [`settb=${timeBase.num}/${timeBase.den}`, 'setpts=N'];
  return [
    ...(timeline === 'counted' ? counted : []),
    ...(endPts === null ? [] : [`trim=end_pts=${firstPts + endPts}`]),
  ];
}

/** Ticks from the first frame to where the plan ends; `null`: at the end of the video. */
function endOfPlan({ timeBase, keyFramePts }: VideoInfo, plan: SamplePlan): number | null {
  if (plan.kind === 'grid') return ceilTimes(plan.count, divide(plan.spacing, timeBase));
  const last = plan.pts.at(-1) ?? 0;
  return keyFramePts.find((pts) => pts > last) ?? null;
}
