import type { DetectorSaid, DetectorWhy, Why } from '../schema/console/task.js';
import type { DetectorInfo } from '../schema/detector-info.js';
import type { Looked, Observation } from '../schema/observation.js';
import type { SamplePlan } from '../schema/plan.js';
import type { DetectorRule, Policy, ScenePolicy } from '../schema/policy.js';
import type { TaskType } from '../schema/task.js';
import { allows, corroborate, entitled, rulesFor } from './decide-scene.js';
import { inWindow } from './in-window.js';
import { onFinerGrid } from './sample-plan.js';
import { observationsOf, scoreSamples, type ScoredSample } from './score-samples.js';

/** What is told of detectors from. */
export interface SaidInput {
  observations: readonly Observation[];
  /** All of the task. */
  detectors: readonly DetectorInfo[];
  /** The policy that decided, own rules included; `null`: it is not known any more. */
  policy: Policy | null;
  taskType: TaskType;
  plan: SamplePlan;
  looked?: Readonly<Looked> | undefined;
}

/** What each detector said about its scene, and why that did not settle the matter. */
export function detectorsSaid(input: SaidInput): DetectorSaid[] {
  return input.detectors.map((detector): DetectorSaid => {
    const { name, version, scene, sees = '' } = detector;
    const ofScene = input.policy?.scenes[scene];
    const rule = ofScene?.detectors[name];
    const samples = input.looked === undefined ? null : (input.looked[name] ?? 0);
    const about = { name, version, scene, sees, samples, review: rule?.review ?? null, block: rule?.block ?? null };
    if (ofScene === undefined || rule === undefined) {
      const why = because(input.policy === null ? 'unknownPolicy' : 'noRule');
      return { ...about, highest: null, why };
    }
    const rules = rulesFor(input.taskType, ofScene);
    const detectors = input.detectors.filter((each) => each.scene === scene && each.name in rules.detectors);
    const seen = observationsOf(scene, { detectors, rules, taskType: input.taskType }, input.observations);
    const { plan } = input;
    const inTime = (a: ScoredSample, b: ScoredSample): number =>
      onFinerGrid(plan, a.sample) - onFinerGrid(plan, b.sample);
    const scored = scoreSamples(seen).sort(inTime);
    const highest = Math.max(0, ...scored.map(({ scores }) => scores.get(name)?.any ?? 0));
    const why = explain({ detector, rule, rules, detectors, scored, highest, samples, plan });
    return { ...about, highest: highest === 0 ? null : highest, why };
  });
}

interface Grounds {
  detector: DetectorInfo;
  rule: DetectorRule;
  rules: ScenePolicy;
  /** Of the scene, with a rule. */
  detectors: readonly DetectorInfo[];
  scored: readonly ScoredSample[];
  highest: number;
  samples: number | null;
  plan: SamplePlan;
}

function explain({ detector, rule, rules, detectors, scored, highest, samples, plan }: Grounds): Why<DetectorWhy> {
  const { name, scene, atMost } = detector;
  const { k, n } = rules.window;
  if (highest === 0) return because(samples === 0 ? 'notAsked' : 'nothing');
  const score = highest.toFixed(2);
  if (highest < rule.review) return because('low', { score, bound: bound(rule.review) });
  if (!allows(rules.atMost, 'block')) return because('sceneAtMost', { score, atMost: rules.atMost });
  if (atMost !== 'block' || rule.block === undefined) return because('reviewOnly', { score });
  const { block } = rule;
  const firm = scored.filter(({ scores }) => (scores.get(name)?.firm ?? 0) >= block);
  if (highest < block) return because('belowBlock', { score, bound: bound(block) });
  if (firm.length === 0) return because('suggestive', { score });
  if (rule.alone === true) return because('alone', { score, scene });
  const count = firm.length;
  const others = entitled(detectors, rules, false).length;
  const corroborated = scored.flatMap((sample) => corroborate(sample, detectors, rules));
  const agreed = corroborated.filter((rated) => rated.detectors.includes(name));
  if (agreed.length === 0) return because('noAgreement', { count });
  const blocking = inWindow(corroborated, rules.window, plan).some((rated) => rated.detectors.includes(name));
  if (blocking) return because('blocking', { count, scene });
  if (others === 1) return because('window', { count, k, n });
  return because('agreed', { count, agreed: agreed.length, k, n });
}

function because(code: DetectorWhy, values: Why<DetectorWhy>['values'] = {}): Why<DetectorWhy> {
  return { code, values };
}

/** A threshold as it was written. */
function bound(threshold: number): string {
  const rounded = threshold.toFixed(2);
  return Number(rounded) === threshold ? rounded : String(threshold);
}
