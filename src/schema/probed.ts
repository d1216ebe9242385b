import type { ImageInfo } from './image.js';
import type { SegmentResult } from './observation.js';
import type { SamplePlan } from './plan.js';
import type { SourceIdentity } from './source.js';
import type { VideoInfo } from './video.js';

/** What `probeVideo` finds: which content the source has, the stream in it, and the digest of the whole file. */
export interface ProbedVideo {
  source: SourceIdentity;
  video: VideoInfo;
  /** SHA-256 of the file, hexadecimal. */
  sourceDigest: string;
  /** MD5 of the file, hexadecimal; absent in records of earlier releases. */
  sourceMd5?: string;
}

/** The same of an image. */
export interface ProbedImage {
  source: SourceIdentity;
  image: ImageInfo;
  /** SHA-256 of the file, hexadecimal. */
  sourceDigest: string;
  /** MD5 of the file, hexadecimal; absent in records of earlier releases. */
  sourceMd5?: string;
}

export type Probed = ProbedVideo | ProbedImage;

/** What `classifyImage` finds. */
export interface ImageFinding {
  probed: ProbedImage;
  plan: SamplePlan;
  result: SegmentResult;
}
