import type { ChunkRef } from '../schema/observation.js';
import type { SamplePlan } from '../schema/plan.js';
import type { Coverage } from '../schema/verdict.js';
import type { VideoInfo } from '../schema/video.js';
import { sampleTimeS } from './sample-plan.js';

/** How much of a video the classified ranges of samples cover; times in the answer are rounded to milliseconds. */
export function measureCoverage(
  plan: SamplePlan,
  video: Pick<VideoInfo, 'timeBase' | 'durationS'>,
  inspected: readonly Pick<ChunkRef, 'from' | 'to'>[],
): Coverage {
  const ranges = [...inspected].sort((a, b) => a.from - b.from);
  let previousS = 0;
  let largestGapS = 0;
  let count = 0;
  for (const { from, to } of ranges) {
    for (let sample = from; sample < to; sample++) {
      const timeS = sampleTimeS(plan, video.timeBase, sample);
      largestGapS = Math.max(largestGapS, timeS - previousS);
      previousS = timeS;
      count++;
    }
  }
  largestGapS = Math.max(largestGapS, video.durationS - previousS);
  return { inspected: count, planned: plan.count, largestGapS: Math.round(largestGapS * 1000) / 1000 };
}
