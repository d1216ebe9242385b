import type { Rational } from './video.js';

/**
 * The instants at which frames are taken, measured from the first frame.
 * `grid`: sample i is at i × spacing seconds and shows the frame on screen then. `keyframe`: sample i is the key frame at `pts[i]` ticks.
 */
export type SamplePlan =
  { kind: 'grid'; spacing: Rational; count: number } | { kind: 'keyframe'; pts: number[]; count: number };

/** A run of samples that one activity decodes and classifies. */
export interface Segment {
  index: number;
  /** First sample. */
  from: number;
  /** One past the last sample. */
  to: number;
  /** Key frame to seek to, in ticks after the first frame; `null`: decode from the beginning of the file. */
  startPts: number | null;
  /** Where the following segment seeks to: this one decodes on to there and digests those pictures too. */
  nextStartPts: number | null;
}
