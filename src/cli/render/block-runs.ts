import type { BlockFrame } from '../../schema/verdict.js';

/** Block frames of neighbouring samples with one label and the same detectors. */
export interface BlockRun {
  label: string;
  detectors: string[];
  /** Seconds from the first frame. */
  startS: number;
  /** Seconds from the first frame, of the last sample. */
  endS: number;
  count: number;
  /** One past the last sample. */
  to: number;
  /** The frame with the highest rate, the first of equals. */
  peak: BlockFrame;
}

/** Collapses block frames, in their order, into runs: twenty minutes of one scene are one line. */
export function blockRuns(frames: readonly BlockFrame[]): BlockRun[] {
  const runs: BlockRun[] = [];
  for (const frame of frames) {
    const { label, detectors, sample, timeS } = frame;
    const run = runs.find(
      (open) => open.label === label && open.to === sample && open.detectors.join() === detectors.join(),
    );
    if (run === undefined) {
      runs.push({ label, detectors, startS: timeS, endS: timeS, count: 1, peak: frame, to: sample + 1 });
    } else {
      run.endS = timeS;
      run.count++;
      run.to = sample + 1;
      if (frame.rate > run.peak.rate) run.peak = frame;
    }
  }
  return runs;
}
