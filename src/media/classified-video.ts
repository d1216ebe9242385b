import type { SamplingMode } from '../schema/options.js';
import type { SamplePlan, Segment } from '../schema/plan.js';
import type { VideoInfo } from '../schema/video.js';
import type { MediaTools } from './tools.js';

/** A video as it was classified. */
export interface ClassifiedVideo {
  /** Local file. */
  path: string;
  video: VideoInfo;
  plan: SamplePlan;
  sampling: SamplingMode;
  /** The segments as they were classified in the end: their starts are proven. */
  segments: readonly Segment[];
  tools: MediaTools;
}
