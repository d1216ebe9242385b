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
}
