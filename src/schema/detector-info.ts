import type { DetectorRule } from './policy.js';
import type { Scene, Suggestion } from './scene.js';

/** What a verdict records about a detector that took part, for one of the scenes that it serves. */
export interface DetectorInfo {
  name: string;
  version: string;
  /** SHA-256 of the model, rules or banks that the detector consists of, hexadecimal. */
  digest: string;
  scene: Scene;
  atMost: Suggestion;
  /** What it can and cannot see, in one sentence for people; absent in records of earlier releases. */
  sees?: string;
  /** Whether it has a last word once all samples are classified; absent: no. */
  concludes?: boolean;
  /** Whether it has every picture of a video measured, which is decoded in full then; absent: no. */
  watches?: boolean;
  /** What counts where the policy has no rule for it in this scene; absent: without a rule nothing does. */
  rule?: DetectorRule;
}
