import type { Kysely, RawBuilder } from 'kysely';
import type { NotificationState } from '../../schema/notification.js';
import type { TaskStatus } from '../../schema/result.js';
import type { BankKind } from '../../schema/bank.js';
import type { Scene, Suggestion } from '../../schema/scene.js';
import type { TaskType } from '../../schema/task.js';
import type { Origin } from '../../schema/verdict.js';
import type { AccessKeyStatus } from '../access-keys.js';
import type { ConsoleTables } from './console-tables.js';
import type { Instant, Json } from './values.js';

/** One row a task. */
export interface TaskTable {
  task_id: string;
  /** {@link TaskRequest} */
  request: Json;
  status: TaskStatus;
  code: string;
  message: string;
  /** As given; what compares and sorts is `started_ms`, because ISO 8601 has several spellings of an instant. */
  start_time: string;
  end_time: string | null;
  started_ms: Instant;
  ended_ms: Instant | null;
  /** {@link Probed} */
  probed: Json | null;
  /** {@link SamplePlan} */
  plan: Json | null;
  /** Copied from the request, to search by, as the type is. */
  project: string;
  task_type: TaskType;
}

/** One row a tag of a task, with all that tasks are selected and sorted by: a list by a tag reads one range of one index. */
export interface TaskTagTable {
  task_id: string;
  /** Project, name and value in one, see {@link tagDigest}. */
  tag: string;
  task_type: TaskType;
  status: TaskStatus;
  started_ms: Instant;
  ended_ms: Instant | null;
}

/** One row a revision; the database itself refuses to change one, or to remove one before its task. */
export interface VerdictTable {
  task_id: string;
  revision: number;
  origin: Origin;
  /** Copied from the verdict, to search by. */
  suggestion: Suggestion;
  /** {@link Verdict} */
  verdict: Json;
  recorded_at: string;
  reviewer: string | null;
  reason: string | null;
  decision_id: string;
}

/** One row a chunk of observations. */
export interface ObservationTable {
  task_id: string;
  from_sample: number;
  to_sample: number;
  segment: number;
  digest: string;
}

/** One row an attempt of a segment. */
export interface AttemptTable {
  task_id: string;
  segment: number;
  attempt: number;
  from_sample: number;
  to_sample: number;
}

/** One row a segment under way. */
export interface CheckpointTable {
  task_id: string;
  segment: number;
  /** {@link Checkpoint} */
  checkpoint: Json;
}

/** One row a picture or clip. */
export interface EvidenceTable {
  task_id: string;
  /** Place in the list. */
  position: number;
  digest: string;
  /** {@link EvidenceItem} */
  item: Json;
}

/** Blobs that lost their last reference and are not yet known to be gone. */
export interface UnreferencedTable {
  digest: string;
}

/** One row an access key. */
export interface AccessKeyTable {
  access_key_id: string;
  account_id: string;
  user_name: string | null;
  status: AccessKeyStatus;
  created_at: string;
  /** Encrypted, see {@link SecretBox}. */
  sealed_secret: string;
  sealed_token: string | null;
}

/** One row a message. It outlives its task's row where that ended long before the message was made. */
export interface NotificationTable {
  id: string;
  task_id: string;
  revision: number;
  /** {@link destinationId} */
  destination: string;
  /** {@link Destination} */
  target: Json;
  content_type: string;
  body: string;
  created_at: string;
  created_ms: Instant;
  state: NotificationState;
  attempts: number;
  last_error: string | null;
  first_attempt_at: string | null;
  last_attempt_at: string | null;
}

/** One row a bank; one that was removed stays until its contents are gone. */
export interface BankTable {
  name: string;
  kind: BankKind;
  scene: Scene;
  at_most: Suggestion;
  /** `null`: of all projects. */
  project: string | null;
  created_at: string;
  /** The last number given; 0: none. */
  version: number;
  removed_ms: Instant | null;
}

/** One row a version of a bank whose content is kept. */
export interface BankVersionTable {
  name: string;
  version: number;
  digest: string;
  entries: number;
  recorded_at: string;
  /** `null`: it is the current one. */
  superseded_ms: Instant | null;
}

/** The schema of the record store, on every engine. */
export interface Tables extends ConsoleTables {
  tasks: TaskTable;
  task_tags: TaskTagTable;
  verdicts: VerdictTable;
  observations: ObservationTable;
  attempts: AttemptTable;
  checkpoints: CheckpointTable;
  evidence: EvidenceTable;
  unreferenced: UnreferencedTable;
  access_keys: AccessKeyTable;
  notifications: NotificationTable;
  banks: BankTable;
  bank_versions: BankVersionTable;
}

/** A connection to the record store's database. */
export type Db = Kysely<Tables>;

/** Type of the columns that hold texts. */
export type TextType = 'text' | RawBuilder<string>;
