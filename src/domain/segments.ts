import type { ModerationOptions } from '../schema/options.js';
import type { SamplePlan, Segment } from '../schema/plan.js';
import type { VideoInfo } from '../schema/video.js';
import { firstSampleAt } from './sample-plan.js';

/** Core seconds a segment should take: beginning one costs about 0.1 s, and what a crash repeats at worst is one segment. */
const TARGET_S = 4;
/** From this much work on a video is worth dividing between two cores. */
const DIVIDE_FROM_S = 2;
/** Core seconds to decode one pixel of 8-bit h264: measured 45 ms for 20 frames of 1280 × 720. */
const DECODE_S_PER_PX = 2.4e-9;
/** A key frame holds several times the data of the frames between. */
const KEY_FRAME_WEIGHT = 4;
/** Core seconds that the detectors take for one sample: measured 14 ms for the first family, and 21 ms for the second on few samples. */
const DETECT_S = 0.016;

type SegmentedVideo = Pick<
  VideoInfo,
  'timeline' | 'timeBase' | 'durationPts' | 'keyFramePts' | 'frameRate' | 'widthPx' | 'heightPx' | 'damaged'
>;

/**
 * Divides a plan into segments that begin at key frames and take about equally long, each about TARGET_S where the key frames allow it.
 * A stream that cannot be sought (damaged, no usable timestamps, no key frames) is one segment.
 */
export function planSegments(
  video: SegmentedVideo,
  plan: SamplePlan,
  options: Pick<ModerationOptions, 'sampling'>,
): Segment[] {
  const costS = costModel(video, plan, options);
  const lastPts = endPts(video, plan);
  const totalS = costS(0, lastPts);
  // A short video is halved, so that a second core has its share.
  const targetS = totalS < DIVIDE_FROM_S ? totalS : Math.min(TARGET_S, totalS / 2);
  const cuts = canSeek(video) ? chooseCuts(video, plan, lastPts, targetS, costS) : [];
  return toSegments(cuts, plan);
}

/**
 * One segment for all samples from those of `segments[unsafe]` on: it starts where the segment before it did, which is proven, and runs to the end.
 */
export function linearTail(segments: readonly Segment[], unsafe: number, plan: SamplePlan): Segment {
  const from = segments[unsafe]?.from;
  if (from === undefined) throw new RangeError(`Expected a segment from 0 to ${segments.length - 1}, got ${unsafe}.`);
  return { index: unsafe, from, to: plan.count, startPts: segments[unsafe - 1]?.startPts ?? null, nextStartPts: null };
}

/** Where a segment begins: a key frame in ticks, and the first sample at or after it. */
interface Cut {
  pts: number;
  sample: number;
}

/** Estimated core seconds of everything between two instants, in ticks. */
type CostModel = (fromPts: number, toPts: number) => number;

function costModel(
  video: SegmentedVideo,
  plan: SamplePlan,
  { sampling }: Pick<ModerationOptions, 'sampling'>,
): CostModel {
  const frameS = video.widthPx * video.heightPx * DECODE_S_PER_PX;
  const samplesBetween = (fromPts: number, toPts: number): number =>
    firstSampleAt(plan, video.timeBase, toPts) - firstSampleAt(plan, video.timeBase, fromPts);
  return (fromPts, toPts) => {
    const seconds = ((toPts - fromPts) * video.timeBase.num) / video.timeBase.den;
    const samples = samplesBetween(fromPts, toPts);
    const decodeS = sampling === 'keyframe' ? samples * frameS * KEY_FRAME_WEIGHT : seconds * video.frameRate * frameS;
    return decodeS + samples * DETECT_S;
  };
}

function canSeek(video: SegmentedVideo): boolean {
  return video.timeline === 'source' && !video.damaged;
}

/** Decoding ends soon after the last sample, which with `head` coverage is far from the end of the video. */
function endPts(video: SegmentedVideo, plan: SamplePlan): number {
  if (plan.kind === 'keyframe') return (plan.pts.at(-1) ?? 0) + 1;
  const lastS = ((plan.count - 1) * plan.spacing.num) / plan.spacing.den;
  return Math.min(video.durationPts, Math.ceil((lastS * video.timeBase.den) / video.timeBase.num) + 1);
}

/**
 * Key frames at which segments begin: each the first one at which the segment before it has done its share of the work that is left. Shares are
 * worked out anew after each cut, so that sparse key frames do not leave a small segment at the end.
 */
function chooseCuts(
  video: SegmentedVideo,
  plan: SamplePlan,
  lastPts: number,
  targetS: number,
  costS: CostModel,
): Cut[] {
  const cuts: Cut[] = [];
  let [last, dueS] = [{ pts: 0, sample: 0 }, shareOf(costS(0, lastPts), targetS)];
  for (const pts of video.keyFramePts) {
    const sample = firstSampleAt(plan, video.timeBase, pts);
    if (sample >= plan.count) break;
    const restS = costS(pts, lastPts);
    // What is left must be worth a segment of its own.
    if (sample <= last.sample || restS < targetS / 2 || costS(last.pts, pts) < dueS) continue;
    last = { pts, sample };
    cuts.push(last);
    dueS = shareOf(restS, targetS);
  }
  return cuts;
}

function shareOf(workS: number, targetS: number): number {
  return workS / Math.max(1, Math.round(workS / targetS));
}

function toSegments(cuts: readonly Cut[], plan: SamplePlan): Segment[] {
  return Array.from({ length: cuts.length + 1 }, (_, index) => ({
    index,
    from: cuts[index - 1]?.sample ?? 0,
    to: cuts[index]?.sample ?? plan.count,
    startPts: cuts[index - 1]?.pts ?? null,
    nextStartPts: cuts[index]?.pts ?? null,
  }));
}
