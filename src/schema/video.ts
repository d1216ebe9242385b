/** A fraction of two integers; the denominator is positive. */
export interface Rational {
  num: number;
  den: number;
}

/**
 * Where the times of frames come from.
 * `source`: their own presentation timestamps. `counted`: frame number / frame rate, for streams whose timestamps are missing or run backwards.
 */
export type Timeline = 'source' | 'counted';

/** What is known of a video stream before any picture of it is decoded. */
export interface VideoInfo {
  container: string;
  codec: string;
  profile: string | null;
  /** ffmpeg's name of the decoder's output format, for example `yuv420p10le`. */
  pixelFormat: string;
  /** As displayed, that is with square pixels and after rotation. */
  widthPx: number;
  /** As displayed, that is with square pixels and after rotation. */
  heightPx: number;
  /** Clockwise turn that a player applies: 0, 90, 180 or 270. */
  rotationDeg: number;
  /** Set where a player mirrors it left to right before it turns it. */
  mirrored?: true;
  interlaced: boolean;
  colour: Colour;
  /** Hz, average. */
  frameRate: number;
  /** Number of frames according to the container's packets. */
  frameCount: number;
  /** Index of the moderated stream in the container. */
  streamIndex: number;
  timeline: Timeline;
  /** Seconds per tick of every `…Pts` here. */
  timeBase: Rational;
  /** Presentation timestamp of the first frame in ticks; may be negative. All times of a task are measured from it. */
  firstPts: number;
  /** Ticks from the first frame to the end of the last. */
  durationPts: number;
  /** Seconds from the first frame to the end of the last. */
  durationS: number;
  /** Candidate seek points: the first key frame of each sample spacing, in ticks after `firstPts`, ascending. */
  keyFramePts: number[];
  /** Build number of the x264 that made the stream: some decoders need it to decode from a seek point as from the start. */
  x264Build: number | null;
  /** Demuxing ended with errors: the file is truncated or damaged, and what follows the damage was not counted. */
  damaged: boolean;
}

/** As declared by the stream; `null` where it says nothing. Values are ffmpeg's names. */
export interface Colour {
  matrix: string | null;
  /** `pc` (full) or `tv` (limited). */
  range: string | null;
  transfer: string | null;
  primaries: string | null;
}
