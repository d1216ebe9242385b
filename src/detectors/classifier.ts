import { createHash } from 'node:crypto';
import type { DetectorInfo } from '../schema/detector-info.js';
import type { Observation } from '../schema/observation.js';
import type { Detector } from './detector.js';
import type { InferencePool } from './inference-pool.js';
import type { ModelManifest, ModelName } from './model-manifest.js';
import { PREPARATION_VERSION } from './preparation/prepare.js';

/** An image classifier as its own file describes it; all that differs between families. */
export interface ClassifierFamily extends Pick<Detector, 'name' | 'scene' | 'atMost' | 'costMs' | 'runIf'> {
  model: ModelName;
  input: Extract<Detector['input'], { kind: 'frame' }>;
  /** Name of each output of the network, in its order; `null`: not observed. */
  classes: readonly (string | null)[];
}

/** The detector that runs the family's network on the pool's threads. */
export function classifier(family: ClassifierFamily, manifest: ModelManifest, pool: InferencePool): Detector {
  const { model, input, costMs, runIf } = family;
  return {
    ...classifierInfo(family, manifest),
    input,
    costMs,
    ...(runIf && { runIf }),
    async detect(batch, signal) {
      const running = batch.map(async (frame) =>
        observations(family, frame.sample, await pool.classify(model, frame, signal)),
      );
      // A failure waits for the other frames: until then threads may be reading them.
      await Promise.allSettled(running);
      return (await Promise.all(running)).flat();
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

function observations({ name, classes }: ClassifierFamily, sample: number, outputs: Float32Array): Observation[] {
  return Array.from(outputs).flatMap((score, index) => {
    const seen = classes[index];
    return seen === undefined || seen === null ? [] : [{ detector: name, sample, class: seen, score: rounded(score) }];
  });
}

/** Six decimals: enough to tell any two thresholds apart, few enough to be short in JSON. */
function rounded(score: number): number {
  return Math.round(score * 1e6) / 1e6;
}
