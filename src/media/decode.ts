import type { Frame } from '../schema/frame.js';
import type { SamplingMode } from '../schema/options.js';
import type { SamplePlan, Segment } from '../schema/plan.js';
import type { VideoInfo } from '../schema/video.js';
import type { MediaTools } from './tools.js';

/** What to decode. */
export interface DecodeRequest {
  /** Local file. */
  path: string;
  video: VideoInfo;
  plan: SamplePlan;
  segment: Segment;
  sampling: SamplingMode;
  /** First sample to deliver, `segment.from` ≤ from ≤ `segment.to`: a resumed attempt skips what is classified already. */
  from: number;
  /** Decoder threads; default 1 for a segment that is sought, else all cores. */
  threads?: number;
  /** Seconds without a sign of progress after which ffmpeg is given up; default 60. Time spent waiting for frames to be released does not count. */
  stallS?: number;
  tools: MediaTools;
}

/** What is known when a segment was decoded to its end. */
export interface DecodeSummary {
  /** Digest of the first pictures at the segment's start; `null` when it starts at the beginning of the file. */
  startDigest: string | null;
  /** Digest of the pictures at `nextStartPts` as decoded from here; `null` when there is no next segment. */
  nextDigest: string | null;
  /** Errors that the decoder reported; only ever > 0 in a pass from the beginning. */
  decodeErrors: number;
}

export interface DecodedSegment {
  /**
   * The frames of the samples [from, to) in their order, full size. At most a few are out at a time: the decoder waits until some are released.
   * Leaving the loop early ends the decoder. Throws UnsafeSegmentError, FfmpegError, FfmpegStalledError, or the signal's reason.
   */
  frames: AsyncIterable<Frame>;
  /** Settles after the last frame; rejects with what `frames` throws. */
  digests: Promise<DecodeSummary>;
}

/** Decodes the samples of one segment with one ffmpeg process. */
export declare function decodeSegment(request: DecodeRequest, options: { signal: AbortSignal }): DecodedSegment;
