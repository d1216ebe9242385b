import { z } from 'zod';
import { OBSERVATION_FLOOR } from './observation.js';
import { SCENES, SUGGESTIONS } from './scene.js';

const threshold = z.number().gt(OBSERVATION_FLOOR).max(1);

/** When what a detector says counts, for one scene. */
export const DetectorRule = z
  .strictObject({
    /** A score from here on asks for a person. */
    review: threshold,
    /** A score from here on counts towards a block; absent: none does. */
    block: threshold.optional(),
    /** Whether its word is enough for a block, on a single sample and without another detector. */
    alone: z.boolean().optional(),
    /** Classes that count; absent: all that speak for the scene. */
    classes: z.array(z.string()).min(1).optional(),
    /** A score from here on asks the detectors that corroborate. */
    corroborateFrom: threshold.optional(),
  })
  .refine((rule) => rule.block === undefined || rule.review <= rule.block, 'Expected review ≤ block');

const ScenePolicy = z.strictObject({
  detectors: z.record(z.string(), DetectorRule),
  /** A block needs k corroborated samples among n neighbouring ones. */
  window: z
    .strictObject({ k: z.int().min(1).max(100), n: z.int().min(1).max(100) })
    .refine(({ k, n }) => k <= n, 'Expected k ≤ n'),
  atMost: z.enum(SUGGESTIONS),
});

/** Thresholds and corroboration rules of a project. */
export const Policy = z.strictObject({
  version: z.literal(1),
  scenes: z.partialRecord(z.enum(SCENES), ScenePolicy),
  /** A video of which a smaller share of samples could be inspected is never passed without a person. */
  coverage: z.strictObject({ minimum: z.number().min(0).max(1) }),
  /** Whether a video is looked at no further once it is certain to be blocked; absent: no. */
  earlyStop: z.boolean().optional(),
  /** Share of samples that the corroborating detectors see whatever the first one says. */
  control: z.strictObject({ share: z.number().min(0).max(1) }),
  review: z.strictObject({
    /** How long a person is waited for, for example `7d`, `12h`. */
    deadline: z.string().regex(/^\d+(s|m|h|d)$/, 'Expected a number and one of s, m, h, d, for example 7d'),
    /** What a verdict becomes when nobody decided in time. */
    onDeadline: z.enum(SUGGESTIONS),
  }),
});
export type DetectorRule = z.infer<typeof DetectorRule>;
export type Policy = z.infer<typeof Policy>;
export type ScenePolicy = z.infer<typeof ScenePolicy>;
