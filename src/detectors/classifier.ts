import { createHash } from 'node:crypto';
import type { DetectorInfo } from '../schema/detector-info.js';
import type { Observation } from '../schema/observation.js';
import { allSettled } from './all-settled.js';
import type { Analyser } from './analysers.js';
import type { Detector, DetectorFamily, Resample } from './detector.js';
import type { InferencePool } from './inference-pool.js';
import { readModelManifest, type ModelManifest, type ModelName } from './model-manifest.js';
import { PREPARATION_VERSION } from './preparation/prepare.js';

/** An image classifier as its own file describes it; all that differs between families. */
export interface ClassifierFacts
  extends Pick<Detector, 'name' | 'costMs' | 'runIf'>, Pick<DetectorInfo, 'scene' | 'atMost'> {
  model: ModelName;
  resample: Resample;
  /** Name of each output of the network, in its order; `null`: not observed. */
  classes: readonly (string | null)[];
  /** See `DetectorInfo`. */
  sees: string;
}

/** A family whose network comes with this package. */
export interface ClassifierFamily extends DetectorFamily {
  facts: ClassifierFacts;
}

export function classifierFamily(facts: ClassifierFacts): ClassifierFamily {
  return {
    facts,
    name: facts.name,
    scenes: [facts.scene],
    async infos(scenes, { modelsDir }) {
      if (!scenes.includes(facts.scene)) return [];
      return [classifierInfo(facts, await readModelManifest(facts.model, modelsDir))];
    },
    async create({ modelsDir, pool }) {
      return classifier(facts, await readModelManifest(facts.model, modelsDir), pool);
    },
  };
}

/** What threads are asked to load for a classifier. */
export function classifierAnalyser(
  { model, resample }: ClassifierFacts,
  manifest: ModelManifest,
): Analyser<'classifier'> {
  return { kind: 'classifier', id: model, settings: { ...manifest, resample } };
}

/** The detector that runs the network on the pool's threads. */
function classifier(facts: ClassifierFacts, manifest: ModelManifest, pool: InferencePool): Detector {
  const { name, costMs, runIf } = facts;
  const analyser = classifierAnalyser(facts, manifest);
  return {
    name,
    costMs,
    ...(runIf && { runIf }),
    async detect(batch, _run, signal) {
      const running = batch.map(async (frame) =>
        observations(facts, frame.sample, await pool.look(analyser, frame, null, signal)),
      );
      return (await allSettled(running)).flat();
    },
  };
}

/** The classifier as verdicts record it: the digest changes with the network and with what prepares its input. */
function classifierInfo(
  { name, scene, atMost, resample, sees }: ClassifierFacts,
  manifest: ModelManifest,
): DetectorInfo {
  const digest = createHash('sha256').update(`${manifest.sha256}\n${resample}\n${PREPARATION_VERSION}\n`).digest('hex');
  return { name, version: manifest.version, digest, scene, atMost, sees };
}

function observations({ name, classes }: ClassifierFacts, sample: number, outputs: Float32Array): Observation[] {
  return Array.from(outputs).flatMap((score, index) => {
    const seen = classes[index];
    return seen === undefined || seen === null ? [] : [{ detector: name, sample, class: seen, score: rounded(score) }];
  });
}

/** Six decimals: enough to tell any two thresholds apart, few enough to be short in JSON. */
function rounded(score: number): number {
  return Math.round(score * 1e6) / 1e6;
}
