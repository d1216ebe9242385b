import type { DetectorThresholds, ReadingKind, SceneReading } from '../schema/review.js';
import type { Scene, Suggestion } from '../schema/scene.js';

/** What one person said of one task, without anything about the material: kept longer than tasks are, see `AUDIT_RETENTION_MS`. */
export interface Reading {
  /** The decision's id. */
  readingId: string;
  taskId: string;
  project: string;
  reviewer: string;
  kind: ReadingKind;
  /** Of the scenes that were asked about. */
  scenes: SceneReading[];
  /** What the task as a whole had from the machine, and from this reading. */
  machine: Suggestion;
  person: 'pass' | 'block';
  reasonCode: string | null;
  /** The policy that the machine decided by: SHA-256, hexadecimal. */
  policyDigest: string;
  /** ISO 8601, UTC. */
  readAt: string;
  /** From the moment it began to wait, in milliseconds. */
  waitedMs: number;
}

export interface ReadingRange {
  projects: readonly string[] | null;
  /** From this instant on, up to another, which is not in it; ISO 8601. */
  from: string;
  to: string;
}

/** Readings by reviewer, scene and outcome. */
export interface ReadingCount {
  reviewer: string;
  /** `null`: of tasks as a whole, where each reading counts once; all others count it once for each of its scenes. */
  scene: Scene | null;
  kind: ReadingKind;
  machine: Suggestion;
  person: 'pass' | 'block';
  policyDigest: string;
  /** Of the scene, see {@link SceneReading}; of tasks as a whole none. */
  thresholds: DetectorThresholds[];
  count: number;
  /** How many of these say of their task as a whole something else than its latest reading, those of kind `quality` apart. */
  overruled: number;
  /** Of all of them together. */
  waitedMs: number;
}

/** Two people's readings of one scene of one task. */
export interface ReadingPair {
  scene: Scene;
  reviewers: [string, string];
  persons: ['pass' | 'block', 'pass' | 'block'];
}

/** Numbers of a day. */
export interface DayCount {
  /** `2026-01-31`, UTC. */
  day: string;
  /** `null`: of tasks as a whole, as in {@link ReadingCount}. */
  scene: Scene | null;
  kind: ReadingKind;
  machine: Suggestion;
  person: 'pass' | 'block';
  count: number;
}

/** What people decided, for statistics. Every write may be repeated. */
export interface ReadingStore {
  /** Keeps a reading; one of the same id that is there already stays as it is. */
  keep(reading: Reading): Promise<void>;
  counts(range: ReadingRange): Promise<ReadingCount[]>;
  /** Readings of the same scene of the same task by different people, each two once. */
  pairs(range: ReadingRange): Promise<ReadingPair[]>;
  days(range: ReadingRange): Promise<DayCount[]>;
  ofTask(taskId: string): Promise<Reading[]>;
  purgeBefore(instant: string): Promise<void>;
}
