import { z } from 'zod';
import type { Box, BankMatch } from '../observation.js';
import type { ModerationOptions } from '../options.js';
import type { ModerationResultBody, TaskStatus } from '../result.js';
import type { ReviewView } from '../review.js';
import type { Scene, Suggestion } from '../scene.js';
import type { Phase, TaskType } from '../task.js';
import type { Origin } from '../verdict.js';

/** `GET /tasks/:id`: everything about one task that a reviewer may know. Of a blind second reading, as it was before anybody had decided. */
export interface TaskView {
  taskId: string;
  project: string;
  taskType: TaskType;
  uri: string;
  tags: Record<string, string>;
  status: TaskStatus;
  code: string;
  message: string;
  startTime: string;
  endTime: string | null;
  options: ModerationOptions;
  /** Seconds; `null` before it was probed, 0 for a still. */
  durationS: number | null;
  /** `null`: it does not run, or its worker is too busy to tell. */
  progress: ProgressView | null;
  /** Known also without `progress`. */
  isPaused: boolean;
  /** As the Get operations answer it; of a task that runs or was cut off, with what can be said by then, as revision 0. */
  result: ModerationResultBody;
  review: ReviewView;
  /** What this member may do now. */
  may: { claim: boolean; decide: boolean; escalate: boolean; appeal: boolean; steer: boolean };
  /** What each detector said, and why it was not enough. */
  detectors: DetectorSaid[];
  /** Stretches that the machine could not settle, in their order: what is to be looked at first. */
  disputed: DisputedSpan[];
  frames: FrameView[];
  clips: ClipView[];
  /** The verdict is there, frames and clips follow. */
  isKeepingEvidence: boolean;
  source: SourceView;
  history: HistoryEntry[];
}

export interface ProgressView {
  phase: Phase;
  done: number;
  total: number;
  isPaused: boolean;
  /** 1 (first) to 5 (last). */
  priority: number;
}

export interface DetectorSaid {
  name: string;
  version: string;
  scene: Scene;
  /** What it can and cannot see. */
  sees: string;
  /** Samples that it looked at; `null` where that is not known. */
  samples: number | null;
  /** Highest score of a class that counts, 0–1; `null`: it said nothing. */
  highest: number | null;
  /** Its thresholds in the policy that decided; `null`: the policy has none. */
  review: number | null;
  block: number | null;
  /** Why what it said did not settle the matter. */
  why: Why<DetectorWhy>;
}

/** A reason that the page puts into words: one of several, with what is particular about it. */
export interface Why<Code extends string> {
  code: Code;
  values: Record<string, string | number>;
}

export type DetectorWhy =
  | 'unknownPolicy'
  | 'noRule'
  | 'notAsked'
  | 'nothing'
  | 'low'
  | 'sceneAtMost'
  | 'reviewOnly'
  | 'belowBlock'
  | 'suggestive'
  | 'alone'
  | 'noAgreement'
  | 'blocking'
  | 'window'
  | 'agreed';

export interface DisputedSpan {
  scene: Scene;
  /** Seconds from the first frame, some seconds before the first frame in question; `endS` as much after the last. */
  startS: number;
  endS: number;
  /** 0–100 */
  rate: number;
  /** Index in `clips` of the one that shows it; `null`: none does. */
  clip: number | null;
}

export interface FrameView {
  sample: number;
  timeS: number;
  widthPx: number;
  heightPx: number;
  /** Below `/review/api`. */
  path: string;
  /** What was found on it. */
  found: {
    scene: Scene;
    detector: string;
    class: string;
    score: number;
    box: Box | null;
    text: string | null;
    match: BankMatch | null;
  }[];
}

export interface ClipView {
  startS: number;
  endS: number;
  contentType: string;
  /** Below `/review/api`; answers ranges. `null`: there is no clip, and `why` says so. */
  path: string | null;
  why: string | null;
}

/** Whether the whole source can be played from `path`. */
export type SourceView =
  { isPlayable: true; path: string; contentType: string } | { isPlayable: false; why: Why<SourceWhy> };

/** `said`: in the words of whatever keeps the source. */
export type SourceWhy = 'notProbed' | 'still' | 'codec' | 'pixels' | 'silent' | 'said';

/** A revision, or something that was done. */
export interface HistoryEntry {
  at: string;
  kind: 'revision' | 'event';
  /** Of a revision: its number. */
  revision: number | null;
  origin: Origin | null;
  suggestion: Suggestion | null;
  actor: string | null;
  /** In words: reasons of a revision, or the kind of an event. */
  text: string;
}

/** `GET /tasks/:id/scores`: curves for the timeline, from the observations kept; at most 2,000 points a curve. */
export interface ScoresView {
  curves: {
    scene: Scene;
    detector: string;
    class: string;
    review: number | null;
    block: number | null;
    /** Seconds from the first frame, ascending, and scores 0–1. */
    points: [timeS: number, score: number][];
  }[];
}

/** `GET /tasks`: tasks of the member's projects, newest first. Answers {@link TasksView}. */
export const TasksFilter = z.strictObject({
  project: z.string().min(1).max(128).optional(),
  status: z.enum(['Running', 'Succeeded', 'Failed']).optional(),
  /** Beginning of a TaskId. */
  search: z.string().max(128).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
  after: z.string().optional(),
});
export type TasksFilter = z.infer<typeof TasksFilter>;

export interface TasksView {
  rows: {
    taskId: string;
    project: string;
    taskType: TaskType;
    uri: string;
    status: TaskStatus;
    code: string;
    suggestion: Suggestion | null;
    categories: string[];
    revision: number | null;
    origin: Origin | null;
    startTime: string;
    endTime: string | null;
  }[];
  next: string | null;
}

/** `POST /tasks/:id/steer` (lead): what is done with a task that runs. Answers {@link ProgressView}, 204 once it has ended, or
 * 202 when it is done and nobody says yet how far the task is. */
export const Steering = z.discriminatedUnion('action', [
  z.strictObject({ action: z.literal('cancel') }),
  z.strictObject({ action: z.literal('pause') }),
  z.strictObject({ action: z.literal('resume') }),
  z.strictObject({ action: z.literal('prioritise'), priority: z.int().min(1).max(5) }),
]);
export type Steering = z.infer<typeof Steering>;

/** `POST /tasks/:id/appeal`. Answers {@link ReviewView}. */
export const AppealUse = z.strictObject({
  appealId: z.string().min(1).max(128),
  reason: z.string().max(2000).nullable(),
});
export type AppealUse = z.infer<typeof AppealUse>;
