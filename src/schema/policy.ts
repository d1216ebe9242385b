import { z } from 'zod';
import { OBSERVATION_FLOOR } from './observation.js';
import { READING_RULES } from './review-rules.js';
import { SCENES, SUGGESTIONS } from './scene.js';

const duration = z.string().regex(/^\d+(s|m|h|d)$/, 'Expected a number and one of s, m, h, d, for example 7d');
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
  /** How many people read a task that this scene is a category of; the strictest of its scenes counts. Absent: as `review.reading`. */
  reading: z.enum(READING_RULES).optional(),
});

/** Thresholds and corroboration rules of a project. */
export const Policy = z.strictObject({
  version: z.literal(1),
  scenes: z.partialRecord(z.enum(SCENES), ScenePolicy),
  /** A video of which a smaller share of samples could be inspected is never passed without a person. */
  coverage: z.strictObject({ minimum: z.number().min(0).max(1) }),
  /** Whether a video is looked at no further once it is certain to be blocked; absent: no. */
  earlyStop: z.boolean().optional(),
  /**
   * Where `maxFrames` thins the grid to two intervals and more, this share of them is kept for samples around what looks suspicious; absent: none is, and the grid
   * has all of them.
   */
  denser: z.strictObject({ reserve: z.number().min(0).max(0.5) }).optional(),
  /** Share of samples that the corroborating detectors see whatever the first one says. */
  control: z.strictObject({ share: z.number().min(0).max(1) }),
  review: z.strictObject({
    /** How long a person is waited for, for example `7d`, `12h`. */
    deadline: duration,
    /** What a verdict becomes when nobody decided in time. */
    onDeadline: z.enum(SUGGESTIONS),
    /** After what wait the project's reviewers are reminded; absent: never. */
    remind: duration.optional(),
    /** After what wait only leads may decide, and are told; absent: never. */
    escalate: duration.optional(),
    /** How long somebody who takes a task may be silent before others get it; absent: 10m. */
    lease: duration.optional(),
    /** How many people read a task; absent: `one`. */
    reading: z.enum(READING_RULES).optional(),
    /** Share of decided tasks that somebody else reads again without knowing, for the statistics; absent: 0.02. */
    qualityShare: z.number().min(0).max(1).optional(),
    /** What a decision may name as its reason; absent: the built-in ones. */
    reasons: z
      .array(z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'Expected lower-case letters, digits and -'))
      .min(1)
      .max(50)
      .optional(),
  }),
});
export type DetectorRule = z.infer<typeof DetectorRule>;
export type Policy = z.infer<typeof Policy>;
export type ScenePolicy = z.infer<typeof ScenePolicy>;
