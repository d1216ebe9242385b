import type { Rational } from './video.js';

/**
 * The instants at which frames are taken, measured from the first frame.
 * `grid`: sample i is at i × spacing seconds and shows the frame on screen then. `keyframe`: sample i is the key frame at `pts[i]` ticks.
 */
export type SamplePlan = GridPlan | { kind: 'keyframe'; pts: number[]; count: number };

export interface GridPlan {
  kind: 'grid';
  spacing: Rational;
  /** Samples of the grid; those that were taken besides have the numbers from here on. */
  count: number;
  /** Taken in a second pass, where the first one saw something; absent: none. */
  denser?: DenserSamples;
}

/** Samples between those of a grid: number `count` + i of a plan is at `at[i]` × spacing / parts seconds. */
export interface DenserSamples {
  /** Into how many parts the finer grid divides each step of the grid, 2 or more. */
  parts: number;
  /** Numbers on the finer grid, ascending, none of them a multiple of `parts`. */
  at: number[];
}

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
