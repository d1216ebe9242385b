/**
 * How many people read a task before it counts as decided, from lax to strict.
 * `one`: the first decision counts. `two`: as many read it until two of them agree. `adjudicated`: two read it, and when they differ a lead decides.
 */
export const READING_RULES = ['one', 'two', 'adjudicated'] as const;
export type ReadingRule = (typeof READING_RULES)[number];

/** Who may read a task: anybody of the project's reviewers, or leads only, once it was escalated. */
export const REVIEW_LEVELS = ['reviewer', 'lead'] as const;
export type ReviewLevel = (typeof REVIEW_LEVELS)[number];

/** Reasons that a decision may name where a project's policy lists none. */
export const DEFAULT_REASONS = [
  'harmless',
  'false-alarm',
  'allowed-context',
  'violates-policy',
  'illegal',
  'other',
] as const;
