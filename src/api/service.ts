import type { PoliciesOf } from '../auth/principal.js';
import type { Metrics } from '../metrics.js';
import type { LoadedPolicy } from '../policy.js';
import type { OidcConfig } from '../schema/console-config.js';
import type { ExposureView } from '../schema/console/session.js';
import type { BankRef } from '../schema/bank.js';
import type { DetectorInfo } from '../schema/detector-info.js';
import type { TopicDestination } from '../schema/notification.js';
import type { DeliveryConfig, TopicConfig } from '../schema/notification-config.js';
import type { SamplingMode } from '../schema/options.js';
import type { SourceConfig } from '../schema/source-config.js';
import type { Scene } from '../schema/scene.js';
import type { AccessKeyStore } from '../store/access-keys.js';
import type { NonceStore } from '../store/nonces.js';
import type { RecordStore } from '../store/records.js';
import type { TaskClient } from '../temporal/tasks.js';
import type { BegunTasks } from './imm/begun-tasks.js';

/** A project as operations see it. */
export interface Project extends LoadedPolicy {
  name: string;
  /** Account that it belongs to. */
  account: string;
  sampling: SamplingMode;
  /** In any second; of all operations together. */
  requestsPerSecond: number;
  /** Most tasks that may be `Running` or waiting to be. */
  openTasks: number;
  /** Told of every task. */
  notify: readonly TopicDestination[];
  /** Told of what waits for people. */
  reviewers: readonly TopicDestination[];
}

/** What the operator decides about the review console. */
export interface ConsoleSettings {
  /** Where browsers reach it; `null`: where they say. */
  publicUrl: string | null;
  /** Who asks nothing for so long is signed out. */
  idleMs: number;
  exposure: Omit<ExposureView, 'seconds'>;
  /** `null`: members sign in with passwords only. */
  oidc: OidcConfig | null;
}

/** What the operator decides, as it is now: another one after a reload. */
export interface ServiceSettings {
  region: string;
  projects: ReadonlyMap<string, Project>;
  policiesOf: PoliciesOf;
  sources: SourceConfig;
  /** By their ids, see `topicId`. */
  topics: ReadonlyMap<string, TopicConfig>;
  delivery: DeliveryConfig;
  console: ConsoleSettings;
  /** Absolute path of the directory of the operator's own models, as it was when the service started; `null`: that of the environment. */
  ownModelsDir: string | null;
}

/** Who looks for what a task asks for, and what they compare with. */
export interface Detectors {
  detectors: DetectorInfo[];
  banks: BankRef[];
}

type ReadyCheck = () => unknown;

/** Everything that operations reach the world through. */
export interface Service {
  settings(): ServiceSettings;
  keys: Pick<AccessKeyStore, 'find'>;
  nonces: NonceStore;
  readNonces: NonceStore;
  records: RecordStore;
  begunTasks: BegunTasks;
  /** The client as of now. Throws while there is none. */
  tasks(): TaskClient;
  /** Detectors that serve these scenes. */
  detectorsFor(scenes: readonly Scene[], projectName: string): Promise<Detectors>;
  metrics: Metrics;
  /** What must be there for the service to work: each throws, rejects or hangs while it is not. `workers` where its process runs some. */
  readiness: Readonly<Record<'temporal' | 'store' | 'blobs', ReadyCheck> & { workers?: ReadyCheck }>;
  /** What keeps it from working as well as it could, a sentence each. */
  notices: () => string[];
  /** Takes a structured log entry. */
  log(level: 'info' | 'warn' | 'error', message: string, fields?: Record<string, unknown>): void;
}
