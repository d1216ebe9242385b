import { createHash } from 'node:crypto';
import type { DetectorInfo } from '../schema/detector-info.js';
import type { Detector } from './detector.js';
import type { InferencePool } from './inference-pool.js';
import type { ModelManifest, ModelName } from './model-manifest.js';
import { PREPARATION_VERSION } from './preparation.js';

/** An image classifier as its own file describes it; all that differs between families. */
export interface ClassifierFamily extends Pick<Detector, 'name' | 'scene' | 'atMost' | 'costMs' | 'runIf'> {
  model: ModelName;
  input: Extract<Detector['input'], { kind: 'frame' }>;
  /** Name of each output of the network, in its order; `null`: not observed. */
  classes: readonly (string | null)[];
}

/** The detector that runs the family's network on the pool's threads. */
export function classifier(family: ClassifierFamily, manifest: ModelManifest, pool: InferencePool): Detector {
  const { model, classes, input, costMs, runIf } = family;
  return {
    ...classifierInfo(family, manifest),
    input,
    costMs,
    ...(runIf && { runIf }),
    async detect(batch, signal) {
      const settled = await Promise.allSettled(batch.map((frame) => pool.classify(model, frame, signal)));
      return settled.flatMap((outcome, index) => {
        if (outcome.status === 'rejected') throw outcome.reason;
        return classes.flatMap((name, output) =>
          name === null
            ? []
            : [
                {
                  detector: family.name,
                  sample: batch[index]!.sample,
                  class: name,
                  score: rounded(outcome.value[output]!),
                },
              ],
        );
      });
    },
  };
}

/** The family as verdicts record it: the digest changes with the network and with what prepares its input. */
export function classifierInfo(family: ClassifierFamily, manifest: ModelManifest): DetectorInfo {
  const { name, scene, atMost, input } = family;
  const digest = createHash('sha256')
    .update(`${manifest.sha256}\n${input.resample}\n${PREPARATION_VERSION}\n`)
    .digest('hex');
  return { name, version: manifest.version, digest, scene, atMost };
}

/** Six decimals: enough to tell any two thresholds apart, few enough to be short in JSON. */
function rounded(score: number): number {
  return Math.round(score * 1e6) / 1e6;
}
