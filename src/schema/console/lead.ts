import { z } from 'zod';
import { Policy } from '../policy.js';
import type { DetectorThresholds } from '../review.js';
import type { Scene, Suggestion } from '../scene.js';

/** Query of the lead's numbers: the last `days` days of one project, or of all that the member sees. */
export const LeadFilter = z.strictObject({
  project: z.string().min(1).max(128).optional(),
  days: z.coerce.number().int().min(1).max(400).default(30),
});
export type LeadFilter = z.infer<typeof LeadFilter>;

/** `GET /lead`. */
export interface LeadView {
  from: string;
  to: string;
  queue: {
    waiting: number;
    escalated: number;
    /** Seconds; `null`: none waits. */
    oldestS: number | null;
    /** How many have waited how long. */
    ages: { upToS: number | null; count: number }[];
  };
  days: { day: string; decided: number; overturned: number }[];
  reviewers: ReviewerNumbers[];
  agreement: Agreement[];
  machine: MachineNumbers[];
}

export interface ReviewerNumbers {
  reviewer: string;
  decided: number;
  /** From waiting to decided, mean, in seconds. */
  meanWaitS: number;
  blocked: number;
  /** Where the reading differs from what became of the task in the end. */
  overruled: number;
  exposureS: number;
  budgetS: number | null;
}

/** Of two readings of the same scene of the same task. */
export interface Agreement {
  scene: Scene;
  /** `null`: of everybody. */
  reviewer: string | null;
  pairs: number;
  /** Share that agrees, 0–1. */
  observed: number;
  /** Cohen's κ, −1 to 1; `null` where chance alone would agree always. */
  kappa: number | null;
}

/** How the machine's word fared with people, by scene and by the thresholds it decided by. */
export interface MachineNumbers {
  scene: Scene;
  /** Of the detectors that looked for the scene, by name; empty: they are not known any more, or nothing looked for it. */
  thresholds: DetectorThresholds[];
  /** Digests of the policies that have these thresholds. */
  policies: string[];
  machine: Suggestion;
  /** Read by people. */
  read: number;
  /** Of these, decided as `block`. */
  blocked: number;
  /** Share of `block` that people agree with, of `review` that they block, of `pass` that they pass, 0–1. */
  precision: number;
  /** Share that people decided otherwise; of `review` those passed. */
  overturned: number;
}

/** Which project a policy is asked for. */
export const PolicyFilter = z.strictObject({ project: z.string().min(1).max(128) });

/** `GET /lead/policy?project=` ({@link PolicyFilter}): the policy in force, or in the project of commands, each of which brings its own along, that of the newest task. */
export interface PolicyView {
  project: string;
  /** 0: that of the service's configuration, or of a command. */
  version: number;
  /** Whether a version can be saved; not in the project of commands, which read none. */
  isSavable: boolean;
  policy: Policy;
  policyDigest: string;
  versions: { version: number; policyDigest: string; savedBy: string; savedAt: string; note: string | null }[];
}

/** `POST /lead/what-if`: what a policy would make of the tasks that are still kept. Answers {@link WhatIfView}. */
export const WhatIf = z.strictObject({ project: z.string().min(1).max(128), policy: Policy });
export type WhatIf = z.infer<typeof WhatIf>;

export interface WhatIfView {
  /** Tasks that could be decided anew, and those that people have decided or begun to, that are appealed against, or whose observations are gone. */
  tasks: number;
  left: { decidedByPeople: number; notDecidable: number };
  /** There are more than these: only the newest were looked at. */
  hasOlder: boolean;
  /** From what to what, with how many and a few of them; those that stay are counted as well. */
  changes: { from: Suggestion; to: Suggestion; count: number; examples: string[] }[];
  tookMs: number;
}

/** `POST /lead/policy`: saves a policy as the next version of a project; `apply` also decides the stored tasks by it, without inference. Answers {@link PolicySaved}. */
export const PolicySave = z.strictObject({
  project: z.string().min(1).max(128),
  policy: Policy,
  /** The version that was changed; `PolicyChanged` when somebody saved another meanwhile. */
  after: z.int().min(0),
  note: z.string().max(500).nullable(),
  apply: z.boolean(),
});
export type PolicySave = z.infer<typeof PolicySave>;

export interface PolicySaved {
  version: number;
  policyDigest: string;
  /** Stored tasks whose revision it became, of those it would change; decisions of people stay. */
  applied: number;
  failed: number;
}
