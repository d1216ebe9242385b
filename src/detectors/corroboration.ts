import { createHash } from 'node:crypto';
import { isSuggestive, speaksFor } from '../domain/labels.js';
import type { Scene } from '../schema/scene.js';
import type { Detector, DetectorRun } from './detector.js';

/**
 * Score, 0–1, from which a cheap detector is corroborated when the policy names none.
 * Of 331 benign frames nsfwjs scored 18 at 0.5 or more: 0.3 keeps all that a sensible review threshold could ask about, and spares three of four frames of samples/.
 */
export const DEFAULT_CORROBORATE_FROM = 0.3;

/**
 * `runIf` of a detector that corroborates another one of the same scene: where that one said something decisive at or above its `corroborateFrom`,
 * and on the control share of the policy whatever it said.
 */
export function corroborates(scene: Scene, screening: string): NonNullable<Detector['runIf']> {
  return (sample, observations, run) => {
    const from = run.policy.scenes[scene]?.detectors[screening]?.corroborateFrom ?? DEFAULT_CORROBORATE_FROM;
    const suspicious = observations.some(
      (seen) =>
        seen.detector === screening && speaksFor(scene, seen) && !isSuggestive(seen.class) && seen.score >= from,
    );
    return suspicious || isControl(sample, run);
  };
}

/** Whether the sample belongs to the control share: the same samples in every run on the same source under the same policy. */
export function isControl(sample: number, run: DetectorRun): boolean {
  const digest = createHash('sha256').update(`${run.sourceDigest}\n${sample}\n${run.policyDigest}`).digest();
  return digest.readUIntBE(0, 6) / 2 ** 48 < run.policy.control.share;
}
