import type { SamplePlan, Segment } from '../schema/plan.js';
import type { VideoInfo } from '../schema/video.js';
import { firstSampleAt, sampleTimeS } from './sample-plan.js';
import { DECODE_S_PER_PX, KEY_FRAME_WEIGHT } from './segments.js';

/** Core seconds that starting another decoder and seeking with it takes. */
const START_S = 0.15;

/** Samples that one decoder takes one after the other. */
export interface EvidenceRun {
  /** Ascending, at least one. */
  samples: number[];
  /** Key frame that it starts at, in ticks after the first frame; `null`: at the beginning of the file. */
  startPts: number | null;
}

/** A sample to be decoded again. */
export interface WantedSample {
  sample: number;
  /** Seconds from the first frame at which decoding has to have begun; default: the sample's own time. */
  beginS?: number;
}

type RunVideo = Pick<VideoInfo, 'timeBase' | 'keyFramePts' | 'widthPx' | 'heightPx' | 'frameRate'>;

/**
 * The cheapest way to these samples if every key frame could be trusted: each from the key frame before it, and together where going on is cheaper
 * than beginning anew. Samples ascending. That a start is right has to be proven by the pictures that come of it.
 */
export function runsFromKeyFrames(video: RunVideo, plan: SamplePlan, wanted: readonly WantedSample[]): EvidenceRun[] {
  const starts = video.keyFramePts.map((pts) => ({ pts, firstSample: firstSampleAt(plan, video.timeBase, pts) }));
  const secondsOf = (pts: number): number => (pts * video.timeBase.num) / video.timeBase.den;
  const runs: EvidenceRun[] = [];
  for (const { sample, beginS = Infinity } of wanted) {
    const start = starts.filter(({ pts, firstSample }) => firstSample <= sample && secondsOf(pts) <= beginS).at(-1);
    const startPts = start === undefined || start === starts[0] ? null : start.pts;
    const run = runs.at(-1);
    const last = run?.samples.at(-1);
    if (run === undefined || last === undefined) runs.push({ samples: [sample], startPts });
    else {
      const [skipFromS, skipToS] = [sampleTimeS(plan, video.timeBase, last), secondsOf(startPts ?? 0)];
      const between = starts.filter(({ pts }) => secondsOf(pts) > skipFromS && secondsOf(pts) < skipToS).length;
      if (costS(video, plan, skipToS - skipFromS, between) <= START_S) run.samples.push(sample);
      else runs.push({ samples: [sample], startPts });
    }
  }
  return runs;
}

/** The way that is proven already: each sample from the start of the segment that it was classified in. */
export function runsFromSegments(segments: readonly Segment[], samples: readonly number[]): EvidenceRun[] {
  return segments
    .map(({ from, to, startPts }) => ({ samples: samples.filter((sample) => sample >= from && sample < to), startPts }))
    .filter((run) => run.samples.length > 0);
}

/** Core seconds to go on over a stretch with so many key frames. */
function costS(
  { widthPx, heightPx, frameRate }: RunVideo,
  plan: SamplePlan,
  stretchS: number,
  keyFrames: number,
): number {
  const frameS = widthPx * heightPx * DECODE_S_PER_PX;
  return frameS * (plan.kind === 'keyframe' ? keyFrames * KEY_FRAME_WEIGHT : stretchS * frameRate);
}
