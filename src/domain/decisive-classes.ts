import { OBSERVATION_FLOOR, type Observation } from '../schema/observation.js';
import type { Scene } from '../schema/scene.js';

/**
 * Classes of observations that speak for a finding of the scene; every other class (`neutral`, `drawing`, `sexy` …) is kept and never decides.
 * A scene without an entry in the list has no detector yet.
 */
export const DECISIVE_CLASSES: Readonly<Record<Scene, readonly string[]>> = {
  porn: ['porn', 'hentai'],
  terrorism: [],
  ad: [],
  live: [],
  logo: [],
};

const DECISIVE = new Set(Object.values(DECISIVE_CLASSES).flat());

/** Whether any policy can let an observation decide: only samples with such a one can become evidence. */
export function mayDecide(observation: Observation): boolean {
  return observation.score >= OBSERVATION_FLOOR && DECISIVE.has(observation.class);
}
