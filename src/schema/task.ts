import type { BankRef } from './bank.js';
import type { DetectorInfo } from './detector-info.js';
import type { ModerationOptions } from './options.js';
import type { NotificationPlan } from './notification.js';
import type { Policy } from './policy.js';
import type { SourceRef } from './source.js';

/** What is moderated; the wire names of IMM 2020-09-30, and the beginning of every TaskId. */
export const TASK_TYPES = ['VideoModeration', 'ImageModeration'] as const;
export type TaskType = (typeof TASK_TYPES)[number];

/** Project of the tasks that commands start. */
export const DEFAULT_PROJECT = 'default';

/** Input of the workflow of a task: all that is decided before it starts. */
export interface TaskRequest {
  taskId: string;
  taskType: TaskType;
  eventId: string;
  projectName: string;
  userData: string;
  /** What the caller finds the task by; values as text. */
  tags: Record<string, string>;
  /** Parameters of the operation that created the task, as JSON; `null` for a task of the command line. */
  definition: string | null;
  source: SourceRef;
  options: ModerationOptions;
  policy: Policy;
  /** SHA-256 of the policy, hexadecimal. */
  policyDigest: string;
  /** Detectors that serve the scenes asked for. */
  detectors: DetectorInfo[];
  /** What they compare with; absent: nothing. */
  banks?: BankRef[];
  /** SHA-256 of source identity, options, policy, and digests of models and banks, hexadecimal. */
  requestDigest: string;
  /** Queue of the workers that can read the source. */
  mediaQueue: string;
  /** Whom it tells of its outcome; absent: nobody. */
  notify?: NotificationPlan;
}

/** Phases of a task in their order, as progress shows them. */
export const PHASES = [
  'probing',
  'classifying',
  'deciding',
  'keeping evidence',
  'waiting for review',
  'finished',
] as const;
export type Phase = (typeof PHASES)[number];

/** Answer of the `getProgress` query. */
export interface Progress {
  phase: Phase;
  /** Samples of finished segments; running segments report theirs in heartbeats. */
  done: number;
  /** Samples planned; 0 while probing. */
  total: number;
  /** Whether it waits for somebody to let it go on. */
  isPaused: boolean;
  /** 1 (first) to 5 (last). */
  priority: number;
}
