import type { Scene } from './scene.js';

/**
 * Observations scored below this never decide anything: no threshold of a policy may lie this low, and the workflow is not told of them.
 */
export const OBSERVATION_FLOOR = 0.1;

/** What one detector said about one sample. */
export interface Observation {
  detector: string;
  /** Index of the sample in the plan. */
  sample: number;
  /** The detector's own name of what it saw. */
  class: string;
  /** 0–1, rounded to six decimals. */
  score: number;
  /** The one scene that it speaks for; absent: every scene of its detector to which the class belongs. */
  scene?: Scene;
  /** Set where it may ask for a person at most, whatever its detector may; absent: as its detector. */
  atMost?: 'review';
  /** Position in the displayed picture, each 0–1. */
  box?: Box;
  /** What is written there, or what a code holds. */
  text?: string;
  /** What it equals; the distance is in the units of the kind of bank, 0 being the same. */
  match?: BankMatch;
  /** The stretch that it is about, where that is more than its sample. */
  span?: TimeSpan;
}

/** A rectangle in the displayed picture; each number is a share, 0–1, of its width or height. */
export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface BankMatch {
  bank: string;
  entry: string;
  distance: number;
}

/** Seconds from the first frame. */
export interface TimeSpan {
  startS: number;
  endS: number;
}

/** The picture that a sample was classified by, so that it is known again when it is decoded anew. */
export interface SamplePicture {
  /** Index of the sample in the plan. */
  sample: number;
  /** See `pictureDigest`. */
  digest: string;
}

/** All observations of the samples [from, to), as kept in one content-addressed blob. */
export interface ObservationChunk {
  from: number;
  to: number;
  observations: Observation[];
  /** Pictures of the samples that may become evidence, ascending; absent in blobs of earlier releases. */
  pictures?: SamplePicture[];
  /** Samples that each detector looked at, by its name; absent in blobs of earlier releases. */
  looked?: Looked;
}

/** Numbers of samples by the names of the detectors that looked at them. */
export type Looked = Record<string, number>;

/** Reference to an {@link ObservationChunk}. */
export interface ChunkRef {
  from: number;
  to: number;
  /** SHA-256 of the blob, hexadecimal. */
  digest: string;
}

/** What `classifySegment` gives back to the workflow. */
export interface SegmentResult {
  segment: number;
  chunks: ChunkRef[];
  /** Observations of decisive classes at or above the floor; `null` when there are too many for a workflow's history. All are in the chunks. */
  observations: Observation[] | null;
  /** Samples that a frame was decoded and classified for. */
  inspected: number;
  /** Samples that each detector looked at, by its name; absent in results of earlier releases. */
  looked?: Looked;
  /** Digest of the first pictures after this segment's start; `null` when it started at the beginning. */
  startDigest: string | null;
  /** Digest of the pictures at the next segment's start as this one decoded them; `null` when there is no next. */
  nextDigest: string | null;
  /** Pictures the decoder reported errors for (only ever > 0 in a pass from the beginning). */
  decodeErrors: number;
}

/** What a classifying attempt leaves behind in its heartbeat, for the next attempt to go on from. */
export interface Checkpoint {
  /** First sample of the segment. */
  from: number;
  nextSample: number;
  chunks: ChunkRef[];
  /** First sample since the last chunk. */
  partialFrom: number;
  /** Observations of the samples since the last chunk. */
  partial: Observation[];
  /** Pictures of the samples since the last chunk; absent in checkpoints of earlier releases. */
  pictures?: SamplePicture[];
  /** Samples since the last chunk that each detector looked at; absent in checkpoints of earlier releases. */
  looked?: Looked;
}
