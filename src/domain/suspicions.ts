import type { Observation } from '../schema/observation.js';
import { SCENES, type Scene } from '../schema/scene.js';
import type { TaskRequest } from '../schema/task.js';
import type { Suspicion } from './denser-samples.js';
import { withOwnRules } from './own-rules.js';
import { observationsOf } from './score-samples.js';

/** Where a first pass saw something, and of which scenes. */
export interface Suspicions {
  samples: Suspicion[];
  scenes: Scene[];
}

/** Samples on which a detector reached the lowest score from which its rule has anything done: another detector asked, or a person. */
export function suspicionsOf(
  {
    policy: given,
    detectors,
    options,
    taskType,
  }: Pick<TaskRequest, 'policy' | 'detectors' | 'taskType'> & { options: Pick<TaskRequest['options'], 'scenes'> },
  observations: readonly Observation[],
): Suspicions {
  const policy = withOwnRules(given, detectors);
  const found = SCENES.filter((scene) => options.scenes.includes(scene)).flatMap((scene) => {
    const rules = policy.scenes[scene];
    if (rules === undefined) return [];
    const own = detectors.filter((detector) => detector.scene === scene);
    return observationsOf(scene, { detectors: own, rules, taskType }, observations).flatMap((seen) => {
      const { review = Infinity, corroborateFrom = review } = rules.detectors[seen.detector] ?? {};
      return seen.score >= Math.min(review, corroborateFrom) ? [{ scene, ...seen }] : [];
    });
  });
  const highest = new Map<number, number>();
  for (const { sample, score } of found) highest.set(sample, Math.max(score, highest.get(sample) ?? 0));
  return {
    samples: [...highest].map(([sample, score]) => ({ sample, score })),
    scenes: SCENES.filter((scene) => found.some((each) => each.scene === scene)),
  };
}
