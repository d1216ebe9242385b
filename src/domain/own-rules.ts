import type { DetectorInfo } from '../schema/detector-info.js';
import type { Policy, ScenePolicy } from '../schema/policy.js';

/** Rules of a scene of which a policy says nothing: its detectors bound what it may come to, and one frame proves nothing. */
const UNSAID: Omit<ScenePolicy, 'detectors'> = { window: { k: 3, n: 5 }, atMost: 'block' };

/**
 * The policy with the rules that detectors bring along, where it has none for them. They are part of what a task's detectors say of themselves: so the same
 * hold when it is decided again, by whatever policy, and that policy's digest stays the digest of what was given.
 */
export function withOwnRules(policy: Policy, detectors: readonly DetectorInfo[]): Policy {
  const scenes = { ...policy.scenes };
  for (const { name, scene, rule } of detectors) {
    const known = scenes[scene] ?? { ...UNSAID, detectors: {} };
    if (rule === undefined || name in known.detectors) continue;
    scenes[scene] = { ...known, detectors: { ...known.detectors, [name]: rule } };
  }
  return { ...policy, scenes };
}
