import type { DetectorInfo } from '../schema/detector-info.js';
import type { Frame } from '../schema/frame.js';
import type { Observation } from '../schema/observation.js';
import type { Policy } from '../schema/policy.js';

/** How a picture is brought to a model's size; each name stands for one exactly reproduced method. */
export type Resample = 'bilinear-align-corners' | 'pillow-bilinear';

/** What a detector wants to be given. */
export type DetectorInput =
  | { kind: 'frame'; width: number; height: number; pixelFormat: 'rgb24' | 'bgr24'; resample: Resample }
  | { kind: 'samples' }
  | { kind: 'file' };

/** The task on whose behalf detectors run. */
export interface DetectorRun {
  sourceDigest: string;
  policy: Policy;
  policyDigest: string;
}

/**
 * Something that looks at pictures and says what it saw.
 * The cascade calls the unconditional detectors first, cheapest first, and then those whose `runIf` says so.
 */
export interface Detector extends DetectorInfo {
  /** Milliseconds of one core for one frame: the order of the cascade. */
  costMs: number;
  input: DetectorInput;
  /** Whether to look at this sample, given what the cheaper detectors said of it. Absent: always. Must be pure: every run takes the same samples. */
  runIf?: (sample: number, observations: readonly Observation[], run: DetectorRun) => boolean;
  /** Observations of every frame of the batch, all classes, in the order of the frames. Frames are borrowed: the caller releases them. */
  detect(batch: readonly Frame[], signal: AbortSignal): Promise<Observation[]>;
}
