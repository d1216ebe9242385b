import type { Policy } from '../../../src/schema/policy.js';
import type { Scene } from '../../../src/schema/scene.js';

export type ThresholdName = 'review' | 'block';

/** No threshold of a policy may lie at or below 0.1, see `OBSERVATION_FLOOR`. */
export const LOWEST = 0.11;
export const HIGHEST = 1;

/** The policy with one threshold moved; the other one of the pair gives way, so that review ≤ block stays true. */
export function withThreshold(
  policy: Policy,
  scene: Scene,
  detector: string,
  name: ThresholdName,
  value: number,
): Policy {
  const ofScene = policy.scenes[scene];
  const rule = ofScene?.detectors[detector];
  if (ofScene === undefined || rule === undefined) return policy;
  const moved = Math.round(Math.min(HIGHEST, Math.max(LOWEST, value)) * 1000) / 1000;
  const changed = { ...rule, [name]: moved };
  if (name === 'review' && rule.block !== undefined) changed.block = Math.max(rule.block, moved);
  if (name === 'block') changed.review = Math.min(rule.review, moved);
  const detectors = { ...ofScene.detectors, [detector]: changed };
  return { ...policy, scenes: { ...policy.scenes, [scene]: { ...ofScene, detectors } } };
}

/** One threshold that is not as it was; `null`: there is none. */
export interface ThresholdChange {
  scene: Scene;
  detector: string;
  name: ThresholdName;
  from: number | null;
  to: number | null;
}

/** Thresholds of a policy that are not as they were. */
export function changedThresholds(before: Policy, after: Policy): ThresholdChange[] {
  return (Object.keys(after.scenes) as Scene[]).flatMap((scene) =>
    Object.entries(after.scenes[scene]?.detectors ?? {}).flatMap(([detector, rule]) =>
      (['review', 'block'] as const).flatMap((name) => {
        const from = before.scenes[scene]?.detectors[detector]?.[name] ?? null;
        const to = rule[name] ?? null;
        return from === to ? [] : [{ scene, detector, name, from, to }];
      }),
    ),
  );
}
