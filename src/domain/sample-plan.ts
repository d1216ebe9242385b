import type { ModerationOptions } from '../schema/options.js';
import type { SamplePlan } from '../schema/plan.js';
import type { Rational, VideoInfo } from '../schema/video.js';
import { ceilTimes, divide, floorTimes, multiply, rational } from './rational.js';

type SpacingOptions = Pick<ModerationOptions, 'interval' | 'maxFrames' | 'coverage'>;
type PlannedVideo = Pick<VideoInfo, 'durationPts' | 'timeBase' | 'timeline' | 'keyFramePts'>;

/** Seconds between samples: the interval, or duration / maxFrames where the whole video would give more than `maxFrames`. */
export function spacingOf(durationPts: number, timeBase: Rational, options: SpacingOptions): Rational {
  const interval = { num: options.interval, den: 1 };
  if (options.coverage === 'head' || samplesAt(interval, durationPts, timeBase) <= options.maxFrames) return interval;
  const duration = multiply(rational(durationPts, 1), timeBase);
  return multiply(duration, rational(1, options.maxFrames));
}

/**
 * The instants at which frames are taken: i × spacing, from 0 and below the duration, at most `maxFrames`; in `keyframe` mode instead the first key
 * frame of each spacing. A stream without usable timestamps has no instants of its own: it is sampled on the grid in every mode.
 */
export function planSamples(
  video: PlannedVideo,
  options: SpacingOptions & Pick<ModerationOptions, 'sampling'>,
): SamplePlan {
  const spacing = spacingOf(video.durationPts, video.timeBase, options);
  if (options.sampling === 'keyframe' && video.timeline === 'source' && video.keyFramePts.length > 0) {
    const pts = firstPerSpacing(video.keyFramePts, spacing, video.timeBase).slice(0, options.maxFrames);
    return { kind: 'keyframe', pts, count: pts.length };
  }
  const count = Math.min(options.maxFrames, samplesAt(spacing, video.durationPts, video.timeBase));
  return { kind: 'grid', spacing, count };
}

/** Of these instants (ticks from the first frame, ascending) the first in each [i × spacing, (i + 1) × spacing). */
export function firstPerSpacing(pts: readonly number[], spacing: Rational, timeBase: Rational): number[] {
  const spacingsPerTick = divide(timeBase, spacing);
  let last = -1;
  return pts.filter((at) => {
    const bin = floorTimes(at, spacingsPerTick);
    const first = bin > last;
    last = Math.max(last, bin);
    return first;
  });
}

/** Seconds from the first frame to a sample. */
export function sampleTimeS(plan: SamplePlan, timeBase: Rational, sample: number): number {
  if (plan.kind === 'grid') return (sample * plan.spacing.num) / plan.spacing.den;
  const pts = plan.pts[sample];
  if (pts === undefined) throw new RangeError(`Expected a sample from 0 to ${plan.count - 1}, got ${sample}.`);
  return (pts * timeBase.num) / timeBase.den;
}

/** Whole seconds from the first frame to a sample, rounded down: the `Offset` of results. */
export function sampleOffset(plan: SamplePlan, timeBase: Rational, sample: number): number {
  return Math.floor(sampleTimeS(plan, timeBase, sample));
}

/** The first sample at or after an instant in ticks from the first frame; `plan.count` when there is none. */
export function firstSampleAt(plan: SamplePlan, timeBase: Rational, pts: number): number {
  if (plan.kind === 'grid') return Math.min(plan.count, Math.max(0, ceilTimes(pts, divide(timeBase, plan.spacing))));
  const index = plan.pts.findIndex((at) => at >= pts);
  return index === -1 ? plan.count : index;
}

/** Number of i with 0 ≤ i × spacing < duration. */
function samplesAt(spacing: Rational, durationPts: number, timeBase: Rational): number {
  return ceilTimes(durationPts, divide(timeBase, spacing));
}
