import type { ModerationOptions } from '../schema/options.js';
import type { GridPlan, SamplePlan, Segment } from '../schema/plan.js';
import type { VideoInfo } from '../schema/video.js';
import { ceilTimes, divide, multiply, rational } from './rational.js';
import { stepsIn } from './sample-plan.js';

/** Samples on either side of a suspicious one that come before those farther away: with it they are the five neighbours that a policy mostly counts in. */
const NEAR = 2;

/** A sample of the grid that makes its surroundings worth more samples. */
export interface Suspicion {
  sample: number;
  /** The strongest come first. */
  score: number;
}

/** A grid with samples in between. */
export type DenserPlan = GridPlan & Required<Pick<GridPlan, 'denser'>>;

/**
 * The grid with what is left of `maxFrames` spent around suspicious samples, one interval apart: first two on either side of each, the strongest first, then the
 * next two, as far as its neighbours on the grid. `null` where nothing is left, nothing suspicious, or no room in between. Pure, so that replays plan the same.
 */
export function planDenser(
  plan: SamplePlan,
  { durationPts, timeBase }: Pick<VideoInfo, 'durationPts' | 'timeBase'>,
  options: Pick<ModerationOptions, 'interval' | 'maxFrames'>,
  suspicions: readonly Suspicion[],
): DenserPlan | null {
  if (plan.kind !== 'grid') return null;
  const parts = stepsIn(plan.spacing, options.interval);
  const left = options.maxFrames - plan.count;
  const end = ceilTimes(durationPts, divide(timeBase, multiply(plan.spacing, rational(1, parts))));
  const strongest = [...suspicions].sort((a, b) => b.score - a.score || a.sample - b.sample);
  const at = new Set<number>();
  for (let ring = 1; ring < parts; ring += NEAR) {
    for (const { sample } of strongest) {
      for (let step = ring; step < Math.min(parts, ring + NEAR); step++) {
        for (const number of [sample * parts - step, sample * parts + step])
          if (number >= 0 && number < end && at.size < left) at.add(number);
      }
    }
  }
  if (at.size === 0) return null;
  return { ...plan, denser: { parts, at: [...at].sort((a, b) => a - b) } };
}

/** Samples of both passes. */
export function sampleCount(plan: SamplePlan): number {
  return plan.kind === 'grid' ? plan.count + (plan.denser?.at.length ?? 0) : plan.count;
}

/** The plan of the first pass. */
export function withoutDenser(plan: SamplePlan): SamplePlan {
  if (plan.kind !== 'grid') return plan;
  const { kind, spacing, count } = plan;
  return { kind, spacing, count };
}

/** The grid that has a place for the samples of both passes. */
export function finerGrid({ spacing, count, denser: { parts } }: DenserPlan): GridPlan {
  return { kind: 'grid', spacing: multiply(spacing, rational(1, parts)), count: count * parts };
}

/**
 * One segment for the samples in between of each segment of the first pass, from where that one began, which is proven. Numbered from `firstIndex` on.
 */
export function denserSegments(plan: DenserPlan, proven: readonly Segment[], firstIndex: number): Segment[] {
  const { count, denser } = plan;
  const segments: Segment[] = [];
  for (const { from, to, startPts } of proven) {
    const inside = denser.at.flatMap((at, index) => {
      const before = Math.floor(at / denser.parts);
      return before >= from && before < to ? [count + index] : [];
    });
    const [first, last] = [inside[0], inside.at(-1)];
    if (first === undefined || last === undefined) continue;
    const index = firstIndex + segments.length;
    segments.push({ index, from: first, to: last + 1, startPts, nextStartPts: null });
  }
  return segments;
}
