import type { DetectorInfo } from '../schema/detector-info.js';
import { SCENES, type Scene } from '../schema/scene.js';
import { classifier, classifierInfo, type ClassifierFamily } from './classifier.js';
import type { Detector } from './detector.js';
import { InferencePool } from './inference-pool.js';
import { readModelManifest } from './model-manifest.js';
import { nsfwjs } from './nsfwjs.js';
import { openNsfw } from './open-nsfw.js';

/** Everything that can look at frames, whatever the scene. */
const FAMILIES: readonly ClassifierFamily[] = [nsfwjs, openNsfw];

/** Detectors that are ready to work, and the threads that they work on. */
export interface DetectorSet {
  detectors: readonly Detector[];
  /** Starts the threads, at most this many (default: all), and loads the models that every sample needs; without it the first samples wait for that. */
  warm(most?: number): Promise<void>;
  /** Ends the threads after the frames they are at; what still waits fails with `InferencePoolClosedError`. */
  close(): Promise<void>;
}

export interface DetectorSettings {
  /** Folder of the models; absent: the one that comes with this package. */
  modelsDir?: string;
  /** Inference threads; absent: one for each core. */
  threads?: number;
  /** Scenes to detect; absent: all that there are detectors for. */
  scenes?: readonly Scene[];
}

/**
 * Detectors for the scenes. Threads start and models load with the first frame or with `warm`.
 * @throws {ModelMissingError} when a model's manifest is not there.
 */
export async function createDetectors(settings: DetectorSettings = {}): Promise<DetectorSet> {
  const families = await Promise.all(
    familiesFor(settings.scenes ?? SCENES).map(async (family) => ({
      family,
      manifest: await readModelManifest(family.model, settings.modelsDir),
    })),
  );
  const models = families.map(({ family, manifest }) => ({ ...manifest, resample: family.input.resample }));
  const pool = new InferencePool(models, settings.threads);
  const screening = families.filter(({ family }) => family.runIf === undefined).map(({ family }) => family.model);
  return {
    detectors: families.map(({ family, manifest }) => classifier(family, manifest, pool)),
    warm: (most) => pool.warm(screening, most),
    close: () => pool.close(),
  };
}

/**
 * What verdicts and request digests record about the detectors for these scenes, without loading a model.
 * @throws {ModelMissingError} when a model's manifest is not there.
 */
export async function detectorInfos(scenes: readonly Scene[], modelsDir?: string): Promise<DetectorInfo[]> {
  return Promise.all(
    familiesFor(scenes).map(async (family) => classifierInfo(family, await readModelManifest(family.model, modelsDir))),
  );
}

/** Those of the scenes that nothing here can look for, in the order given. */
export function scenesWithoutDetector(scenes: readonly Scene[]): Scene[] {
  return scenes.filter((scene) => !FAMILIES.some((family) => family.scene === scene));
}

function familiesFor(scenes: readonly Scene[]): ClassifierFamily[] {
  return FAMILIES.filter(({ scene }) => scenes.includes(scene));
}
