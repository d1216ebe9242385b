import type { Scene, Suggestion } from './scene.js';

/** What a verdict records about a detector that took part. */
export interface DetectorInfo {
  name: string;
  version: string;
  /** SHA-256 of the model or rules that the detector consists of, hexadecimal. */
  digest: string;
  scene: Scene;
  atMost: Suggestion;
}
