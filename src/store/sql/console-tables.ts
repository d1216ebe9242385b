import type { Role } from '../../schema/member.js';
import type { ReadingKind } from '../../schema/review.js';
import type { ReviewLevel } from '../../schema/review-rules.js';
import type { Scene, Suggestion } from '../../schema/scene.js';
import type { TaskType } from '../../schema/task.js';
import type { AuditKind } from '../../schema/audit-kinds.js';
import type { MemberLink } from '../members.js';
import type { QueueKind, QueueStep } from '../review-queue.js';
import type { Instant, Json } from './values.js';

/** One row a task that waits for a person; goes with its task. */
export interface QueueTable {
  task_id: string;
  kind: QueueKind;
  project: string;
  task_type: TaskType;
  uri: string;
  /** Marks, see {@link marksOf}: the scenes themselves. */
  scenes: string;
  /** Severity, negative, so that every order of the queue ascends. */
  mildness: number;
  tags: Json;
  /** Marks of names and values. */
  tag_marks: string;
  step: QueueStep;
  level: ReviewLevel;
  claim_id: string | null;
  claimant: string | null;
  claim_until: string | null;
  claim_until_ms: Instant | null;
  readers: Json;
  /** Marks of the names. */
  reader_marks: string;
  /** A list; empty: `null`. */
  notes: Json | null;
  due_at: string | null;
  /** {@link NEVER_MS} where there is no deadline. */
  due_ms: Instant;
  opened_at: string;
  opened_ms: Instant;
  /**
   * From when on it may be offered: after a reservation, the lease of a quality reading, or some minutes after the end of another lease that its workflow is
   * silent about; {@link NEVER_MS} while its workflow says that it does not wait.
   */
  free_ms: Instant;
}

/** How far the states of a task's review have come, also when none is shown any more; goes with its task. */
export interface QueuePlaceTable {
  task_id: string;
  /** Of the latest state or removal; `null`: there was none. */
  sequence: number | null;
  /** When the latest quality reading was put up, so that one that was read is not put up again. */
  quality_ms: Instant | null;
}

/** One row a reading. It outlives its task. */
export interface ReadingTable {
  reading_id: string;
  task_id: string;
  project: string;
  reviewer: string;
  kind: ReadingKind;
  /** {@link SceneReading}, of all scenes. */
  scenes: Json;
  machine: Suggestion;
  person: 'pass' | 'block';
  reason_code: string | null;
  policy_digest: string;
  read_at: string;
  read_ms: Instant;
  waited_ms: number;
}

/** One row a scene of a reading, and one of the task as a whole, with all that is counted by: statistics read one range of one table. */
export interface SceneReadingTable {
  reading_id: string;
  /** Empty: of the task as a whole. */
  scene: Scene | '';
  machine: Suggestion;
  person: 'pass' | 'block';
  /** What the reading said of the task as a whole. */
  whole: 'pass' | 'block';
  task_id: string;
  project: string;
  reviewer: string;
  kind: ReadingKind;
  policy_digest: string;
  /** {@link DetectorThresholds}, of the scene; of the task as a whole none. */
  thresholds: Json;
  read_ms: Instant;
  /** `2026-01-31`, UTC. */
  day: string;
  waited_ms: number;
}

/** One row an event; the database itself refuses to change one, or to remove one that the chain does not already go on without. */
export interface AuditTable {
  sequence: number;
  event_id: string;
  kind: AuditKind;
  at: string;
  at_ms: Instant;
  actor: string;
  address: string | null;
  project: string | null;
  task_id: string | null;
  detail: Json;
  previous: string;
  digest: string;
}

/** One row: the ends of the chain. Whoever appends or removes has it locked. */
export interface AuditHeadTable {
  only: 1;
  sequence: number;
  digest: string;
  /** The last row that went with the retention; 0 and 64 zeros: none did. */
  anchor_sequence: number;
  anchor_digest: string;
}

/** One row a member. */
export interface MemberTable {
  name: string;
  role: Role;
  /** `null`: all. */
  projects: Json | null;
  /** {@link MemberSettings} */
  settings: Json;
  password_hash: string | null;
  subject: string | null;
  created_at: string;
  is_disabled: 0 | 1;
}

/** One row a browser that somebody is signed in at; goes with its member. */
export interface MemberSessionTable {
  token_digest: string;
  member: string;
  created_at: string;
  seen_at: string;
  expires_at: string;
  expires_ms: Instant;
  address: string;
}

/** One row a one-time link; one that was used stays until it would have been over. */
export interface MemberLinkTable {
  digest: string;
  purpose: MemberLink['purpose'];
  name: string | null;
  role: Role;
  projects: Json | null;
  expires_at: string;
  expires_ms: Instant;
  is_used: 0 | 1;
}

/** One row a key that a sign-in failed by: a name, an address. */
export interface SignInFailureTable {
  /** The same for all keys of one failure. */
  failure_id: string;
  key: string;
  at_ms: Instant;
}

/** One row a report of time with severe material. */
export interface ExposureTable {
  name: string;
  at_ms: Instant;
  seconds: number;
}

/** One row a version of a project's policy; the database itself refuses to change or remove one. */
export interface PolicyVersionTable {
  project: string;
  version: number;
  /** {@link Policy} */
  policy: Json;
  policy_digest: string;
  saved_by: string;
  saved_at: string;
  note: string | null;
}

/** What the review console adds to the schema. */
export interface ConsoleTables {
  review_queue: QueueTable;
  review_places: QueuePlaceTable;
  readings: ReadingTable;
  scene_readings: SceneReadingTable;
  audit_events: AuditTable;
  audit_head: AuditHeadTable;
  members: MemberTable;
  member_sessions: MemberSessionTable;
  member_links: MemberLinkTable;
  sign_in_failures: SignInFailureTable;
  exposures: ExposureTable;
  policy_versions: PolicyVersionTable;
}
