import type { ChunkRef, TimeSpan } from '../schema/observation.js';
import type { SamplePlan } from '../schema/plan.js';
import type { Coverage } from '../schema/verdict.js';
import type { VideoInfo } from '../schema/video.js';
import { sampleCount } from './denser-samples.js';
import { sampleTimeS } from './sample-plan.js';

/** Stretches that are named one by one: the longest ones. */
const MOST_SKIPPED = 50;

/** How much of a video the classified ranges of samples cover; times in the answer are rounded to milliseconds. */
export function measureCoverage(
  plan: SamplePlan,
  video: Pick<VideoInfo, 'timeBase' | 'durationS'>,
  inspected: readonly Pick<ChunkRef, 'from' | 'to'>[],
): Coverage {
  const ranges = [...inspected].sort((a, b) => a.from - b.from);
  const timesS = ranges.flatMap(({ from, to }) =>
    Array.from({ length: to - from }, (_, index) => sampleTimeS(plan, video.timeBase, from + index)),
  );
  const stopsS = [...timesS.sort((a, b) => a - b), video.durationS];
  const largestGapS = stopsS.reduce((most, timeS, index) => Math.max(most, timeS - (stopsS[index - 1] ?? 0)), 0);
  const denser = ranges.reduce((sum, { from, to }) => sum + Math.max(0, to - Math.max(from, plan.count)), 0);
  const skipped = skippedSpans(
    plan,
    video,
    ranges.filter(({ from }) => from < plan.count),
  );
  return {
    inspected: timesS.length,
    planned: sampleCount(plan),
    largestGapS: milliseconds(largestGapS),
    ...(denser > 0 && { denser }),
    ...(skipped.length > 0 && { skipped }),
  };
}

/** From the first sample of the grid that is missing to the next one that is not, or the end. */
function skippedSpans(
  plan: SamplePlan,
  { timeBase, durationS }: Pick<VideoInfo, 'timeBase' | 'durationS'>,
  ascending: readonly Pick<ChunkRef, 'from' | 'to'>[],
): TimeSpan[] {
  const timeS = (sample: number): number => (sample < plan.count ? sampleTimeS(plan, timeBase, sample) : durationS);
  const spans: TimeSpan[] = [];
  let next = 0;
  for (const { from, to } of [...ascending, { from: plan.count, to: plan.count }]) {
    if (from > next) spans.push({ startS: milliseconds(timeS(next)), endS: milliseconds(timeS(from)) });
    next = Math.max(next, to);
  }
  return spans
    .sort((a, b) => b.endS - b.startS - (a.endS - a.startS) || a.startS - b.startS)
    .slice(0, MOST_SKIPPED)
    .sort((a, b) => a.startS - b.startS);
}

function milliseconds(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}
