import { randomUUID } from 'node:crypto';
import { customAlphabet } from 'nanoid';
import { digestOf } from './digest.js';
import type { BankRef } from './schema/bank.js';
import type { DetectorInfo } from './schema/detector-info.js';
import type { NotificationPlan } from './schema/notification.js';
import type { ModerationOptions } from './schema/options.js';
import type { SourceRef } from './schema/source.js';
import { DEFAULT_PROJECT, type TaskRequest, type TaskType } from './schema/task.js';
import type { LoadedPolicy } from './policy.js';

/** What a caller asks for. */
export interface Asked extends LoadedPolicy {
  source: SourceRef;
  options: ModerationOptions;
  /** Detectors that serve the scenes asked for. */
  detectors: DetectorInfo[];
  /** What they compare with. */
  banks?: BankRef[];
  taskType?: TaskType;
  projectName?: string;
  userData?: string;
  tags?: Record<string, string>;
  definition?: string | null;
  /** Queue of the workers that can read the source. */
  mediaQueue: string;
  notify?: NotificationPlan | null;
}

// IMM's samples: three upper-case hexadecimal digits, a hyphen and 27 of 62 letters and digits.
const eventPrefix = customAlphabet('0123456789ABCDEF', 3);
const eventSuffix = customAlphabet('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz', 27);

/** A new task for what is asked. Equal requests get equal digests, and ids of their own. */
export function newTaskRequest(asked: Asked): TaskRequest {
  const {
    source,
    options,
    policy,
    policyDigest,
    detectors,
    mediaQueue,
    taskType = 'VideoModeration',
    projectName = DEFAULT_PROJECT,
    userData = '',
    tags = {},
    definition = null,
    notify = null,
    banks = [],
  } = asked;
  return {
    taskId: `${taskType}-${randomUUID()}`,
    taskType,
    eventId: `${eventPrefix()}-${eventSuffix()}`,
    projectName,
    userData,
    tags,
    definition,
    source,
    options,
    policy,
    policyDigest,
    detectors,
    requestDigest: digestOf({
      source,
      options,
      policyDigest,
      models: detectors.map(({ digest }) => digest),
      // Without banks it is the digest that requests had before there were any.
      ...(banks.length > 0 && { banks: banks.map(({ name, scene, atMost, digest }) => [name, scene, atMost, digest]) }),
    }),
    mediaQueue,
    ...(banks.length > 0 && { banks }),
    ...(notify === null ? {} : { notify }),
  };
}
