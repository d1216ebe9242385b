import type { BankRef } from '../schema/bank.js';
import type { DetectorInfo } from '../schema/detector-info.js';
import { SCENES, type Scene } from '../schema/scene.js';
import { classifierAnalyser } from './classifier.js';
import { codes } from './codes/codes.js';
import { defects } from './defects/defects.js';
import type { BankReader, Detector, DetectorFamily } from './detector.js';
import { endCard } from './end-card/end-card.js';
import { emblems } from './emblems/emblems.js';
import { inset } from './inset/inset.js';
import { InferencePool } from './inference-pool.js';
import { knownMedia } from './known-media/known-media.js';
import { readModelManifest } from './model-manifest.js';
import { nsfwjs } from './nsfwjs.js';
import { openNsfw } from './open-nsfw.js';
import { overlay } from './overlay/overlay.js';
import { text } from './text/text.js';

/** Everything that can look at videos and images, whatever the scene. */
const FAMILIES: readonly DetectorFamily[] = [
  nsfwjs,
  openNsfw,
  knownMedia,
  codes,
  text,
  endCard,
  overlay,
  emblems,
  defects,
  inset,
];

/** Names that an operator's own detectors cannot have. */
export const TAKEN_NAMES: readonly string[] = FAMILIES.map(({ name }) => name);

/** Detectors that are ready to work, and the threads that they work on. */
export interface DetectorSet {
  detectors: readonly Detector[];
  /**
   * Starts the threads, at most this many (default: all), and loads the model that a first sample for these scenes needs; without it that sample waits for it.
   * Nothing is started for no scene.
   */
  warm(scenes: readonly Scene[], most?: number): Promise<void>;
  /** Ends the threads after the frames they are at; what still waits fails with `InferencePoolClosedError`. */
  close(): Promise<void>;
}

export interface DetectorSettings {
  /** Folder of the models; absent: the one that comes with this package. */
  modelsDir?: string;
  /** Inference threads; absent: one for each core. */
  threads?: number;
  /** Scenes to detect; absent: all. */
  scenes?: readonly Scene[];
  /** Where banks are read; absent: there are none. */
  banks?: BankReader;
  /** An operator's own; absent: none. */
  own?: readonly DetectorFamily[];
}

/**
 * Detectors for the scenes. Threads start and models load with the first frame or with `warm`.
 * @throws {ModelMissingError} when a model's manifest is not there.
 */
export async function createDetectors(settings: DetectorSettings = {}): Promise<DetectorSet> {
  const { scenes = SCENES, banks = NO_BANKS, own = [], threads, modelsDir } = settings;
  const pool = new InferencePool(threads);
  const tools = { pool, banks, ...(modelsDir !== undefined && { modelsDir }) };
  const families = [...FAMILIES, ...own].filter((family) => family.scenes.some((scene) => scenes.includes(scene)));
  return {
    detectors: await Promise.all(families.map((family) => family.create(tools))),
    async warm(wanted, most) {
      if (!families.some((family) => wanted.some((scene) => family.scenes.includes(scene)))) return;
      const { scene, model } = nsfwjs.facts;
      const isAsked = families.includes(nsfwjs) && wanted.includes(scene);
      await pool.warm(
        isAsked ? [classifierAnalyser(nsfwjs.facts, await readModelManifest(model, modelsDir))] : [],
        most,
      );
    },
    close: () => pool.close(),
  };
}

const NO_BANKS: BankReader = {
  read: ({ name }) => Promise.reject(new Error(`Expected no bank to be read, received ${name}.`)),
};

/**
 * What verdicts and request digests record about the detectors for these scenes, without loading a model.
 * @throws {ModelMissingError} when a model's manifest is not there.
 */
export async function detectorInfos(
  scenes: readonly Scene[],
  banks: readonly BankRef[] = [],
  modelsDir?: string,
  own: readonly DetectorFamily[] = [],
): Promise<DetectorInfo[]> {
  const facts = { banks, ...(modelsDir !== undefined && { modelsDir }) };
  return (await Promise.all([...FAMILIES, ...own].map((family) => family.infos(scenes, facts)))).flat();
}

/** Those of the scenes that none of the detectors looks for, in the order given. */
export function scenesWithoutDetector(scenes: readonly Scene[], detectors: readonly DetectorInfo[]): Scene[] {
  return scenes.filter((scene) => !detectors.some((detector) => detector.scene === scene));
}
