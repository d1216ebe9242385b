import type { DetectorInfo } from '../schema/detector-info.js';
import { OBSERVATION_FLOOR, type Observation } from '../schema/observation.js';
import type { ScenePolicy } from '../schema/policy.js';
import type { Scene } from '../schema/scene.js';
import type { TaskType } from '../schema/task.js';
import { isSuggestive, speaksFor } from './labels.js';

/** What one detector says of one sample about one scene. */
export interface DetectorScore {
  /** Highest score of anything that speaks for the scene. */
  any: number;
  /** Highest score of what may count towards a block; 0 when there is none. */
  firm: number;
  /** The class with the score `any`. */
  class: string;
}

/** One sample with what every detector of the scene said of it. */
export interface ScoredSample {
  sample: number;
  /** By the detector's name. */
  scores: Map<string, DetectorScore>;
}

/** Observations that speak for the scene, at or above the floor, by detectors whose rules count their class. */
export function observationsOf(
  scene: Scene,
  { detectors, rules, taskType }: { detectors: readonly DetectorInfo[]; rules: ScenePolicy; taskType: TaskType },
  observations: readonly Observation[],
): Observation[] {
  const names = new Set(detectors.map(({ name }) => name));
  return observations.filter((seen) => {
    const classes = rules.detectors[seen.detector]?.classes;
    return (
      seen.score >= OBSERVATION_FLOOR &&
      names.has(seen.detector) &&
      speaksFor(scene, seen) &&
      (classes === undefined || classes.includes(seen.class)) &&
      (taskType === 'ImageModeration' || !isSuggestive(seen.class))
    );
  });
}

/** The samples that observations of one scene are about, ascending. */
export function scoreSamples(observations: readonly Observation[]): ScoredSample[] {
  const bySample = new Map<number, ScoredSample>();
  for (const seen of observations) {
    const scored = bySample.get(seen.sample) ?? { sample: seen.sample, scores: new Map<string, DetectorScore>() };
    const known = scored.scores.get(seen.detector);
    const firm = seen.atMost === 'review' || isSuggestive(seen.class) ? 0 : seen.score;
    // Of equals the first by name: the order of observations must not matter.
    const isHigher =
      known === undefined || seen.score > known.any || (seen.score === known.any && seen.class < known.class);
    scored.scores.set(seen.detector, {
      any: Math.max(seen.score, known?.any ?? 0),
      firm: Math.max(firm, known?.firm ?? 0),
      class: isHigher ? seen.class : known.class,
    });
    bySample.set(seen.sample, scored);
  }
  return [...bySample.values()].sort((a, b) => a.sample - b.sample);
}
