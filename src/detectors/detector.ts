import type { BankRef } from '../schema/bank.js';
import type { DetectorInfo } from '../schema/detector-info.js';
import type { Frame } from '../schema/frame.js';
import type { Observation } from '../schema/observation.js';
import type { SamplePlan, Segment } from '../schema/plan.js';
import type { Policy } from '../schema/policy.js';
import type { Scene } from '../schema/scene.js';
import type { VideoInfo } from '../schema/video.js';
import type { WatchedPictures } from '../schema/watched.js';
import type { InferencePool } from './inference-pool.js';

/** How a picture is brought to a model's size; each name stands for one exactly reproduced method. */
export type Resample = 'bilinear-align-corners' | 'pillow-bilinear';

/** The task on whose behalf detectors run. */
export interface DetectorRun {
  /** SHA-256 of the file, hexadecimal. */
  sourceDigest: string;
  policy: Policy;
  policyDigest: string;
  /** Scenes asked for: a detector of several says nothing of the others. */
  scenes: readonly Scene[];
  /** What detectors compare with, as it was when the task started. */
  banks: readonly BankRef[];
}

/** One segment of a video, all of whose pictures were measured while its samples were decoded. */
export interface WatchedSegment {
  /**
   * Those from the segment's start on, with the first of the next segment, where there is one, at their end: it belongs to the next one as well, and
   * what goes on across the border meets there.
   */
  pictures: WatchedPictures;
  segment: Segment;
  plan: SamplePlan;
  video: Pick<VideoInfo, 'timeBase' | 'durationS'>;
}

/** A whole video or image, once all of its samples are classified. */
export interface Classified {
  /** Of all detectors, by sample. */
  observations: readonly Observation[];
  plan: SamplePlan;
  video: Pick<VideoInfo, 'timeBase' | 'durationS'>;
  /** MD5 of the file, hexadecimal: lists of known files still come as this. */
  sourceMd5: string;
}

/**
 * Something that looks at pictures and says what it saw.
 * The cascade calls the unconditional detectors first, cheapest first, and then those whose `runIf` says so.
 */
export interface Detector {
  name: string;
  /** Milliseconds of one core for one frame: the order of the cascade. */
  costMs: number;
  /** Whether to look at this sample, given what the cheaper detectors said of it. Absent: always. Must be pure: every run takes the same samples. */
  runIf?: (sample: number, observations: readonly Observation[], run: DetectorRun) => boolean;
  /**
   * Observations of every frame of the batch, all classes, in the order of the frames. Frames are borrowed: the caller releases them.
   * A pure function of each frame alone, so that it does not matter where a segment begins or an attempt resumes.
   */
  detect(batch: readonly Frame[], run: DetectorRun, signal: AbortSignal): Promise<Observation[]>;
  /**
   * Has every picture of a video measured, and says what shows from one to the next within a segment; `conclude` joins what goes on in the next one.
   * Called once a segment is decoded, and again for the same one by an attempt that resumes. Pure. All of the video is decoded then, whatever the
   * sampling mode: infos say so by `watches`. Never called for images.
   */
  watch?(segment: WatchedSegment, run: DetectorRun): Observation[];
  /** What only shows over all samples, or in the file itself. Pure. */
  conclude?(classified: Classified, run: DetectorRun, signal: AbortSignal): Promise<Observation[]>;
}

/** What infos depend on besides the code. */
export interface FamilyFacts {
  /** Folder of the models; absent: the one that comes with this package. */
  modelsDir?: string;
  /** All that a task would be compared with. */
  banks: readonly BankRef[];
}

/** Reads the content of banks. */
export interface BankReader {
  /** The content, whose SHA-256 is `digest`. Transient failure when it is not there yet. */
  read(bank: BankRef): Promise<Uint8Array>;
}

/** What detectors are made with. */
export interface FamilyTools {
  modelsDir?: string;
  pool: InferencePool;
  banks: BankReader;
}

/** One way of looking, for one or more scenes: a folder here. */
export interface DetectorFamily {
  name: string;
  /** Scenes that it can serve. */
  scenes: readonly Scene[];
  /**
   * What verdicts record of it, for each of these scenes that it can find anything of: a family of banks serves no scene for which there is no bank.
   * No model is loaded for that.
   */
  infos(scenes: readonly Scene[], facts: FamilyFacts): Promise<DetectorInfo[]>;
  /** Nothing is loaded or started yet. */
  create(tools: FamilyTools): Promise<Detector>;
}
