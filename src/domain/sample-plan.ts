import type { ModerationOptions } from '../schema/options.js';
import type { SamplePlan } from '../schema/plan.js';
import type { Rational, VideoInfo } from '../schema/video.js';
import { ceilTimes, divide, floorTimes, multiply, rational } from './rational.js';

type SpacingOptions = Pick<ModerationOptions, 'interval' | 'maxFrames' | 'coverage'>;
/** The grid must be so many intervals wide for samples in between to be kept back: with fewer none would fit. */
const LEAST_STEPS = 2;

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
 * frame of each spacing. A stream without usable timestamps has no instants of its own: it is sampled on the grid in every mode. Of a grid that is thinner
 * than asked for, `reserve`, a share of `maxFrames`, is left for samples that are planned later.
 */
export function planSamples(
  video: PlannedVideo,
  options: SpacingOptions & Pick<ModerationOptions, 'sampling'>,
  reserve = 0,
): SamplePlan {
  const spacing = spacingOf(video.durationPts, video.timeBase, options);
  if (options.sampling === 'keyframe' && video.timeline === 'source' && video.keyFramePts.length > 0) {
    const pts = firstPerSpacing(video.keyFramePts, spacing, video.timeBase).slice(0, options.maxFrames);
    return { kind: 'keyframe', pts, count: pts.length };
  }
  const maxFrames = options.maxFrames - Math.floor(options.maxFrames * reserve);
  const wider = spacingOf(video.durationPts, video.timeBase, { ...options, maxFrames });
  if (stepsIn(wider, options.interval) >= LEAST_STEPS) return gridOf(video, wider, maxFrames);
  return gridOf(video, spacing, options.maxFrames);
}

/** Whole intervals, in seconds, in one step of a grid. */
export function stepsIn(spacing: Rational, interval: number): number {
  return floorTimes(1, divide(spacing, rational(interval, 1)));
}

function gridOf({ durationPts, timeBase }: PlannedVideo, spacing: Rational, maxFrames: number): SamplePlan {
  return { kind: 'grid', spacing, count: Math.min(maxFrames, samplesAt(spacing, durationPts, timeBase)) };
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
  if (plan.kind === 'grid') {
    const [number, parts] = sample < plan.count ? [sample, 1] : [onFinerGrid(plan, sample), plan.denser?.parts ?? 1];
    return (number * plan.spacing.num) / (plan.spacing.den * parts);
  }
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

/** Number of a sample on the finer grid of a plan; on a plan without one the sample's own. The order of these is that of time. */
export function onFinerGrid(plan: SamplePlan, sample: number): number {
  if (plan.kind !== 'grid' || plan.denser === undefined) return sample;
  const { parts, at } = plan.denser;
  if (sample < plan.count) return sample * parts;
  const number = at[sample - plan.count];
  if (number === undefined) {
    throw new RangeError(`Expected a sample from 0 to ${plan.count + at.length - 1}, got ${sample}.`);
  }
  return number;
}

/** How far a sample is from the first one, in steps of the grid; on a plan without one its number. */
export function stepsTo(plan: SamplePlan, sample: number): number {
  const parts = plan.kind === 'grid' ? (plan.denser?.parts ?? 1) : 1;
  return onFinerGrid(plan, sample) / parts;
}
