import type { DetectorInfo } from './detector-info.js';
import type { BankMatch, Box, TimeSpan } from './observation.js';
import type { Scene, Suggestion } from './scene.js';

/** Who or what made a revision. */
export const ORIGINS = ['machine', 'person', 'deadline', 'policy', 'appeal'] as const;
export type Origin = (typeof ORIGINS)[number];

/** A frame that caused the suggestion. */
export interface BlockFrame {
  sample: number;
  /** Whole seconds from the first frame, rounded down. */
  offset: number;
  /** Seconds from the first frame. */
  timeS: number;
  /** 0–100: 100 × the score that the decision rested on. */
  rate: number;
  label: string;
  scene: Scene;
  /** Detectors whose scores it rested on, the highest score first. */
  detectors: string[];
}

/** What one detector found on one or more neighbouring samples; an explanation, not a judgement. */
export interface Finding {
  scene: Scene;
  detector: string;
  class: string;
  /** Highest score of its samples, 0–1. */
  score: number;
  /** The sample with that score. */
  sample: number;
  /** Samples that show it. */
  samples: number;
  /** Seconds from the first frame. */
  startS: number;
  /** Seconds from the first frame, of the last sample or the end of what was seen. */
  endS: number;
  box?: Box;
  text?: string;
  match?: BankMatch;
}

/** How much of the video was looked at. */
export interface Coverage {
  /** Samples classified. */
  inspected: number;
  /** Samples planned. */
  planned: number;
  /** Longest stretch without a sample, in seconds; the ends of the video count. */
  largestGapS: number;
  /** Samples of those classified that a second pass took around what looked suspicious; absent: none. */
  denser?: number;
  /** Stretches of which no sample was classified, the 50 longest ones in their order; absent: there are none. */
  skipped?: TimeSpan[];
}

/** What is decided about a video; pure function of observations and policy. */
export interface Verdict {
  suggestion: Suggestion;
  /** Scenes that caused the suggestion, in the order of SCENES. */
  categories: Scene[];
  blockFrames: BlockFrame[];
  /** What the detectors found at or above their review thresholds, in the order of the video; absent in verdicts of earlier releases. */
  findings?: Finding[];
  /** One sentence each, for people. */
  reasons: string[];
  coverage: Coverage;
  /** Scenes that a detector looked for. */
  inspectedScenes: Scene[];
  /** Scenes asked for that no detector serves. */
  notInspectedScenes: Scene[];
  detectors: DetectorInfo[];
  /** Samples that each detector looked at, by its name: conditional ones look at fewer than were classified. Absent in verdicts of earlier releases. */
  looked?: Record<string, number>;
  /** SHA-256 of the policy, hexadecimal. */
  policyDigest: string;
}

/** One entry of a task's append-only verdict record. */
export interface Revision {
  /** 1, 2, 3 … */
  revision: number;
  origin: Origin;
  verdict: Verdict;
  /** ISO 8601, UTC. */
  recordedAt: string;
  /** Who decided, where a person did. */
  reviewer: string | null;
  reason: string | null;
  /** Identifies the decision, so that one delivered twice counts once. */
  decisionId: string;
}
