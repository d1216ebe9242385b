import type { DetectorInfo } from '../schema/detector-info.js';
import { OBSERVATION_FLOOR, type Observation } from '../schema/observation.js';
import type { ScenePolicy } from '../schema/policy.js';
import { SUGGESTIONS, type Scene, type Suggestion } from '../schema/scene.js';
import type { BlockFrame } from '../schema/verdict.js';
import type { DecideInput } from './decide.js';
import { DECISIVE_CLASSES } from './decisive-classes.js';
import { explainBlock, explainPass, explainReview } from './reasons.js';

/** What is found about one scene. */
export interface SceneFinding {
  scene: Scene;
  suggestion: Suggestion;
  frames: BlockFrame[];
  reasons: string[];
}

/** The frames of an image have no neighbours to be corroborated by: each is all there is to see. Two families must agree on it all the same. */
const EACH_ALONE: ScenePolicy['window'] = { k: 1, n: 1 };

/** One sample with the score that every detector of the scene gave it. */
export interface ScoredSample {
  sample: number;
  /** Highest score of the scene's decisive classes, by detector. */
  scores: Map<string, number>;
}

/**
 * A scene is blocked when, on at least k of n neighbouring samples, every one of two independent detectors (or the only one there is) reaches its
 * block threshold; when any detector reaches its review threshold on any sample it goes to a person.
 */
export function decideScene(scene: Scene, input: DecideInput, timeS: (sample: number) => number): SceneFinding {
  const forVideos = input.policy.scenes[scene];
  if (forVideos === undefined) throw new TypeError(`Expected the policy to have rules for the scene ${scene}`);
  const rules = input.taskType === 'ImageModeration' ? { ...forVideos, window: EACH_ALONE } : forVideos;
  const detectors = input.detectors.filter((detector) => detector.scene === scene && detector.name in rules.detectors);
  const samples = scoreSamples(scene, detectors, input.observations);
  const frame = (at: Rated): BlockFrame => ({
    sample: at.sample,
    offset: Math.floor(timeS(at.sample)),
    timeS: timeS(at.sample),
    rate: Math.round(at.score * 10_000) / 100,
    label: scene,
    detectors: at.detectors,
  });

  const corroborated = samples.flatMap((sample) => corroborate(sample, detectors, rules));
  const blocking = inWindow(corroborated, rules.window);
  if (blocking.length > 0 && allows(rules.atMost, 'block')) {
    const frames = blocking.map(frame);
    return { scene, suggestion: 'block', frames, reasons: explainBlock(scene, frames, rules) };
  }
  const suspicious = samples.flatMap((sample) => suspect(sample, detectors, rules));
  if (suspicious.length > 0 && allows(rules.atMost, 'review')) {
    const frames = suspicious.map(frame);
    return { scene, suggestion: 'review', frames, reasons: explainReview(scene, frames, corroborated.length, rules) };
  }
  return { scene, suggestion: 'pass', frames: [], reasons: explainPass(scene, samples, detectors) };
}

interface Rated {
  sample: number;
  score: number;
  detectors: string[];
}

function allows(atMost: Suggestion, suggestion: Suggestion): boolean {
  return SUGGESTIONS.indexOf(suggestion) <= SUGGESTIONS.indexOf(atMost);
}

function scoreSamples(
  scene: Scene,
  detectors: readonly DetectorInfo[],
  observations: readonly Observation[],
): ScoredSample[] {
  const decisive = DECISIVE_CLASSES[scene];
  const names = new Set(detectors.map((detector) => detector.name));
  const bySample = new Map<number, ScoredSample>();
  for (const { detector, sample, class: kind, score } of observations) {
    if (score < OBSERVATION_FLOOR || !names.has(detector) || !decisive.includes(kind)) continue;
    const scored = bySample.get(sample) ?? { sample, scores: new Map<string, number>() };
    scored.scores.set(detector, Math.max(score, scored.scores.get(detector) ?? 0));
    bySample.set(sample, scored);
  }
  return [...bySample.values()].sort((a, b) => a.sample - b.sample);
}

/** The sample with the score its block rests on (the lower one of the two that agree), or nothing. */
function corroborate(
  { sample, scores }: ScoredSample,
  detectors: readonly DetectorInfo[],
  rules: ScenePolicy,
): Rated[] {
  const entitled = detectors.filter((detector) => detector.atMost === 'block');
  const needed = Math.min(2, entitled.length);
  const agreeing = entitled
    .flatMap(({ name }) => {
      const score = scores.get(name);
      const rule = rules.detectors[name];
      return score !== undefined && rule !== undefined && score >= rule.block ? [{ name, score }] : [];
    })
    .sort((a, b) => b.score - a.score)
    .slice(0, needed);
  const lowest = agreeing.at(-1);
  if (lowest === undefined || agreeing.length < needed) return [];
  return [{ sample, score: lowest.score, detectors: agreeing.map(({ name }) => name) }];
}

/** The sample with the highest score that reaches its detector's review threshold, or nothing. The detector with that score comes first. */
function suspect({ sample, scores }: ScoredSample, detectors: readonly DetectorInfo[], rules: ScenePolicy): Rated[] {
  const over = detectors
    .filter(({ atMost }) => allows(atMost, 'review'))
    .flatMap(({ name }) => {
      const score = scores.get(name) ?? 0;
      return score >= (rules.detectors[name]?.review ?? Infinity) ? [{ name, score }] : [];
    })
    .sort((a, b) => b.score - a.score);
  const highest = over[0];
  return highest === undefined ? [] : [{ sample, score: highest.score, detectors: over.map(({ name }) => name) }];
}

/** Those that lie within any n neighbouring samples of which at least k are here. */
function inWindow(rated: readonly Rated[], { k, n }: ScenePolicy['window']): Rated[] {
  const kept = new Set<Rated>();
  rated.forEach((first, index) => {
    const window = rated.slice(index).filter(({ sample }) => sample < first.sample + n);
    if (window.length >= k) window.forEach((member) => kept.add(member));
  });
  return rated.filter((member) => kept.has(member));
}
