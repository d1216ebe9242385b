import type { ModerationOptions } from '../schema/options.js';
import type { SamplePlan, Segment } from '../schema/plan.js';
import type { VideoInfo } from '../schema/video.js';
import { firstSampleAt } from './sample-plan.js';

/** Core seconds a segment takes at most: a crash repeats one, and on a core of half the speed it is still below 20 s. */
const MOST_S = 8;
/**
 * Each segment takes this share of the work that is left, so that the last ones are short and cores come to their end together, however many they
 * are. Beginning a segment costs about 0.15 s: what is left is halved once a third of it would be little, and then not divided any more.
 */
const SHARES = 3;
const HALVE_BELOW_S = 4;
const DIVIDE_FROM_S = 2;
/** Core seconds to decode one pixel of 8-bit h264: measured 45 ms for 20 frames of 1280 × 720. */
export const DECODE_S_PER_PX = 2.4e-9;
/** A key frame holds several times the data of the frames between. */
export const KEY_FRAME_WEIGHT = 4;
/** Core seconds that the detectors take for one sample: measured 14 ms for the first family, and 21 ms for the second on few samples. */
const DETECT_S = 0.016;

type SegmentedVideo = Pick<
  VideoInfo,
  'timeline' | 'timeBase' | 'durationPts' | 'keyFramePts' | 'frameRate' | 'widthPx' | 'heightPx' | 'damaged'
>;

/**
 * Divides a plan into segments that begin at key frames, long ones first, where the key frames allow it.
 * A stream that cannot be sought (damaged, no usable timestamps, no key frames) is one segment.
 */
export function planSegments(
  video: SegmentedVideo,
  plan: SamplePlan,
  options: Pick<ModerationOptions, 'sampling'>,
): Segment[] {
  const costS = costModel(video, plan, options);
  const lastPts = endPts(video, plan);
  const cuts = canSeek(video) ? chooseCuts(video, plan, lastPts, costS) : [];
  return toSegments(cuts, plan);
}

/**
 * One segment for all samples from those of `segments[unsafe]` on: it starts where the segment before it did, which is proven, and runs to the end.
 * Its index is one that no segment has, since attempts are counted by it.
 */
export function linearTail(segments: readonly Segment[], unsafe: number, plan: SamplePlan): Segment {
  const from = segments[unsafe]?.from;
  if (from === undefined) throw new RangeError(`Expected a segment from 0 to ${segments.length - 1}, got ${unsafe}.`);
  const startPts = segments[unsafe - 1]?.startPts ?? null;
  return { index: segments.length, from, to: plan.count, startPts, nextStartPts: null };
}

/**
 * What decoding a segment takes to know of the video. Thousands of seek points in the input of each of a thousand segments would fill a history: of those only
 * the first behind the samples is left, where a plan of key frames ends.
 */
export function videoForSegments(video: VideoInfo, plan: SamplePlan): VideoInfo {
  if (plan.kind === 'grid') return { ...video, keyFramePts: [] };
  const last = plan.pts.at(-1) ?? 0;
  const next = video.keyFramePts.find((pts) => pts > last);
  return { ...video, keyFramePts: next === undefined ? [] : [next] };
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
function chooseCuts(video: SegmentedVideo, plan: SamplePlan, lastPts: number, costS: CostModel): Cut[] {
  const cuts: Cut[] = [];
  let [last, dueS] = [{ pts: 0, sample: 0 }, shareOf(costS(0, lastPts))];
  for (const pts of video.keyFramePts) {
    const sample = firstSampleAt(plan, video.timeBase, pts);
    if (sample >= plan.count) break;
    const restS = costS(pts, lastPts);
    // What is left must be worth a segment of its own.
    if (sample <= last.sample || restS < DIVIDE_FROM_S / 4 || costS(last.pts, pts) < dueS) continue;
    last = { pts, sample };
    cuts.push(last);
    dueS = shareOf(restS);
  }
  return cuts;
}

/** Core seconds of the next segment. */
function shareOf(restS: number): number {
  if (restS < DIVIDE_FROM_S) return restS;
  return restS < HALVE_BELOW_S ? restS / 2 : Math.min(MOST_S, restS / SHARES);
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
