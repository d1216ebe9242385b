import type { DetectorInfo } from '../schema/detector-info.js';
import type { Observation } from '../schema/observation.js';
import type { ScenePolicy } from '../schema/policy.js';
import { SUGGESTIONS, type Scene, type Suggestion } from '../schema/scene.js';
import type { TaskType } from '../schema/task.js';
import type { BlockFrame, Finding } from '../schema/verdict.js';
import type { DecideInput } from './decide.js';
import { findingsOf } from './findings.js';
import { inWindow } from './in-window.js';
import { IMAGE_LABELS } from './labels.js';
import { explainBlock, explainPass, explainReview } from './reasons.js';
import { onFinerGrid, stepsTo } from './sample-plan.js';
import { observationsOf, scoreSamples, type ScoredSample } from './score-samples.js';

/** What is found about one scene. */
export interface SceneFinding {
  scene: Scene;
  suggestion: Suggestion;
  frames: BlockFrame[];
  reasons: string[];
  findings: Finding[];
}

/** The frames of an image have no neighbours to be corroborated by: each is all there is to see. Two families must agree on it all the same. */
const EACH_ALONE: ScenePolicy['window'] = { k: 1, n: 1 };

/** The rules of a scene as they hold for a type of task. */
export function rulesFor(taskType: TaskType, rules: ScenePolicy): ScenePolicy {
  return taskType === 'ImageModeration' ? { ...rules, window: EACH_ALONE } : rules;
}

/**
 * A scene is blocked when a detector whose word is enough (`alone`) reaches its block threshold on any sample, or when on at least k of n neighbouring
 * samples every one of two independent detectors (or the only one there is) reaches its own; when any detector reaches its review threshold on any
 * sample it goes to a person.
 */
export function decideScene(scene: Scene, input: DecideInput, timeS: (sample: number) => number): SceneFinding {
  const forVideos = input.policy.scenes[scene];
  if (forVideos === undefined) throw new TypeError(`Expected the policy to have rules for the scene ${scene}`);
  const { taskType } = input;
  const rules = rulesFor(taskType, forVideos);
  const detectors = input.detectors.filter((detector) => detector.scene === scene && detector.name in rules.detectors);
  const observations = observationsOf(scene, { detectors, rules, taskType }, input.observations);
  const inTime: InTime = (a, b) => onFinerGrid(input.plan, a.sample) - onFinerGrid(input.plan, b.sample);
  const samples = scoreSamples(observations).sort(inTime);
  const frame = (at: Rated): BlockFrame => ({
    sample: at.sample,
    offset: Math.floor(timeS(at.sample)),
    timeS: timeS(at.sample),
    rate: Math.round(at.score * 10_000) / 100,
    label: taskType === 'ImageModeration' ? (IMAGE_LABELS[scene][at.class] ?? scene) : scene,
    scene,
    detectors: at.detectors,
  });
  const counts = (seen: Observation): boolean => seen.score >= (rules.detectors[seen.detector]?.review ?? Infinity);
  const found = {
    scene,
    findings: findingsOf(scene, observations.filter(counts), timeS, (sample) => stepsTo(input.plan, sample)),
  };

  const alone = samples.flatMap((sample) => blockedAlone(sample, detectors, rules));
  const corroborated = samples.flatMap((sample) => corroborate(sample, detectors, rules));
  const blocking = union(alone, inWindow(corroborated, rules.window, input.plan), inTime);
  if (blocking.length > 0 && allows(rules.atMost, 'block')) {
    const frames = blocking.map(frame);
    const reasons = explainBlock(scene, frames, rules, alone.length > 0 ? found.findings : null);
    return { ...found, suggestion: 'block', frames, reasons };
  }
  const suspicious = samples.flatMap((sample) => suspect(sample, detectors, rules));
  if (suspicious.length > 0 && allows(rules.atMost, 'review')) {
    const frames = suspicious.map(frame);
    const reasons = explainReview(scene, frames, {
      corroborated: corroborated.length,
      rules,
      detectors,
      findings: found.findings,
    });
    return { ...found, suggestion: 'review', frames, reasons };
  }
  return { ...found, suggestion: 'pass', frames: [], reasons: explainPass(scene, samples, detectors) };
}

/** Order of samples in time; their numbers are none where some were taken in a second pass. */
type InTime = (a: { sample: number }, b: { sample: number }) => number;

/** A sample with the score that counts of it. */
export interface Rated {
  sample: number;
  score: number;
  /** Class of the highest score. */
  class: string;
  detectors: string[];
}

/** Whether a rule that lets something come to `atMost` lets it come to this. */
export function allows(atMost: Suggestion, suggestion: Suggestion): boolean {
  return SUGGESTIONS.indexOf(suggestion) <= SUGGESTIONS.indexOf(atMost);
}

/** What the detectors of these names say at or above their block thresholds, the highest score first. */
function blockers(
  { scores }: ScoredSample,
  detectors: readonly DetectorInfo[],
  rules: ScenePolicy,
): { name: string; score: number; class: string }[] {
  return detectors
    .flatMap(({ name }) => {
      const said = scores.get(name);
      return said !== undefined && said.firm >= (rules.detectors[name]?.block ?? Infinity)
        ? [{ name, score: said.firm, class: said.class }]
        : [];
    })
    .sort((a, b) => b.score - a.score);
}

/** Detectors that may take part in a block. */
export function entitled(detectors: readonly DetectorInfo[], rules: ScenePolicy, alone: boolean): DetectorInfo[] {
  return detectors.filter(({ name, atMost }) => {
    const rule = rules.detectors[name];
    return atMost === 'block' && rule?.block !== undefined && (rule.alone ?? false) === alone;
  });
}

/** The sample when a detector whose word is enough would block it, or nothing. */
function blockedAlone(sample: ScoredSample, detectors: readonly DetectorInfo[], rules: ScenePolicy): Rated[] {
  const certain = blockers(sample, entitled(detectors, rules, true), rules);
  const [highest] = certain;
  if (highest === undefined) return [];
  const { score, class: kind } = highest;
  return [{ sample: sample.sample, score, class: kind, detectors: certain.map(({ name }) => name) }];
}

/** The sample with the score its block rests on (the lower one of the two that agree), or nothing. */
export function corroborate(sample: ScoredSample, detectors: readonly DetectorInfo[], rules: ScenePolicy): Rated[] {
  const may = entitled(detectors, rules, false);
  const needed = Math.min(2, may.length);
  const agreeing = blockers(sample, may, rules).slice(0, needed);
  const lowest = agreeing.at(-1);
  if (lowest === undefined || agreeing.length < needed) return [];
  return [
    {
      sample: sample.sample,
      score: lowest.score,
      class: agreeing[0]?.class ?? lowest.class,
      detectors: agreeing.map(({ name }) => name),
    },
  ];
}

/** The sample with the highest score that reaches its detector's review threshold, or nothing. The detector with that score comes first. */
function suspect({ sample, scores }: ScoredSample, detectors: readonly DetectorInfo[], rules: ScenePolicy): Rated[] {
  const over = detectors
    .filter(({ atMost }) => allows(atMost, 'review'))
    .flatMap(({ name }) => {
      const said = scores.get(name);
      const reaches = said !== undefined && said.any >= (rules.detectors[name]?.review ?? Infinity);
      return reaches ? [{ name, score: said.any, class: said.class }] : [];
    })
    .sort((a, b) => b.score - a.score);
  const [highest] = over;
  if (highest === undefined) return [];
  return [{ sample, score: highest.score, class: highest.class, detectors: over.map(({ name }) => name) }];
}

/** Samples of either list, ascending; of one in both, the first list's word. */
function union(first: readonly Rated[], second: readonly Rated[], inTime: InTime): Rated[] {
  const known = new Set(first.map(({ sample }) => sample));
  return [...first, ...second.filter(({ sample }) => !known.has(sample))].sort(inTime);
}
