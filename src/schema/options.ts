import { z } from 'zod';
import { SCENES } from './scene.js';

/**
 * How samples are taken.
 * `exact`: every frame is decoded. `fast`: where the stream tells which frames the samples depend on, only those are; the samples show the very same
 * pictures. `keyframe`: only key frames are decoded.
 */
export const SAMPLING_MODES = ['exact', 'fast', 'keyframe'] as const;
export type SamplingMode = (typeof SAMPLING_MODES)[number];

/** Which part a video gets inspected when it holds more samples than `maxFrames`: all of it, thinner, or its beginning. */
export const COVERAGES = ['whole', 'head'] as const;

/** What a caller may choose about one task; part of the request digest. */
export const ModerationOptions = z.strictObject({
  scenes: z
    .array(z.enum(SCENES))
    .min(1)
    .refine((scenes) => new Set(scenes).size === scenes.length, 'Expected every scene once'),
  /** Seconds between samples, 1–600. */
  interval: z.int().min(1).max(600).default(1),
  /** Upper bound on the samples of one video, 5–3600. */
  maxFrames: z.int().min(5).max(3600).default(200),
  coverage: z.enum(COVERAGES).default('whole'),
  sampling: z.enum(SAMPLING_MODES).default('fast'),
});
export type ModerationOptions = z.infer<typeof ModerationOptions>;
