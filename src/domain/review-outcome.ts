import type { DetectorThresholds, ReviewDecision, SceneReading } from '../schema/review.js';
import { SCENES, SUGGESTIONS, type Scene, type Suggestion } from '../schema/scene.js';
import type { Policy } from '../schema/policy.js';
import type { BlockFrame, Verdict } from '../schema/verdict.js';
import { withOwnRules } from './own-rules.js';
import { blockedScenes } from './review.js';

/** What the machine's verdict becomes by a person's decision: they say which scenes, and which stretches, and what it found of those stays as the evidence. */
export function decidedVerdict(
  machine: Verdict,
  decision: Pick<ReviewDecision, 'suggestion' | 'scenes' | 'spans'>,
  reason: string,
): Verdict {
  const categories = blockedScenes(decision, machine.categories);
  const { spans = [] } = decision;
  const isLeft = (frame: BlockFrame): boolean => {
    const said = spans.findLast(
      ({ scene, startS, endS }) => scene === frame.scene && startS <= frame.timeS && frame.timeS <= endS,
    );
    return categories.includes(frame.scene) && said?.suggestion !== 'pass';
  };
  return {
    ...machine,
    suggestion: decision.suggestion,
    categories,
    blockFrames: machine.blockFrames.filter(isLeft),
    reasons: [reason, ...machine.reasons],
  };
}

/** The verdict after a deadline: a pass clears what the machine found, a block and a review keep it. */
export function expiredVerdict(machine: Verdict, suggestion: Suggestion, reason: string): Verdict {
  const { categories, blockFrames } = suggestion === 'pass' ? { categories: [], blockFrames: [] } : machine;
  return { ...machine, categories, blockFrames, suggestion, reasons: [reason, ...machine.reasons] };
}

/** Who decided, and why, in a sentence. */
export function explainDecision(
  { suggestion, reasonCode, reason }: Pick<ReviewDecision, 'suggestion' | 'reasonCode' | 'reason'>,
  reviewers: readonly string[],
): string {
  const why = [reasonCode, reason].filter((part) => part != null && part !== '').join('; ');
  const said = `${reviewers.join(' and ')} decided ${suggestion}${why === '' ? '' : `: ${why}`}`;
  return /[.!?…。！？]$/u.test(said) ? said : `${said}.`;
}

/**
 * What a decision says of each scene that was looked for, beside what the machine said. A verdict names its categories and the worst that was said of
 * them: a category counts with that, or with what the policy lets its scene come to at most.
 * @param policy that the machine decided by; `null`: nobody knows it any more
 */
export function sceneReadings(
  { suggestion, categories, inspectedScenes, detectors }: Verdict,
  decision: Pick<ReviewDecision, 'suggestion' | 'scenes'>,
  policy: Policy | null,
): SceneReading[] {
  const blocked = blockedScenes(decision, categories);
  const scenes = policy === null ? {} : withOwnRules(policy, detectors).scenes;
  const machine = (scene: Scene): Suggestion =>
    categories.includes(scene) ? milder(suggestion, scenes[scene]?.atMost ?? 'block') : 'pass';
  const thresholds = (scene: Scene): DetectorThresholds[] =>
    detectors
      .filter((detector) => detector.scene === scene)
      .map(({ name }) => name)
      .sort()
      .flatMap((detector) => {
        const rule = scenes[scene]?.detectors[detector];
        return rule === undefined ? [] : [{ detector, review: rule.review, block: rule.block ?? null }];
      });
  return SCENES.filter((scene) => inspectedScenes.includes(scene) || blocked.includes(scene)).map((scene) => ({
    scene,
    thresholds: thresholds(scene),
    machine: machine(scene),
    person: blocked.includes(scene) ? 'block' : 'pass',
  }));
}

function milder(a: Suggestion, b: Suggestion): Suggestion {
  return SUGGESTIONS.indexOf(a) < SUGGESTIONS.indexOf(b) ? a : b;
}
