import type { MachineNumbers } from '../schema/console/lead.js';
import type { DetectorThresholds } from '../schema/review.js';
import { SCENES, SUGGESTIONS, type Scene, type Suggestion } from '../schema/scene.js';

/** Readings of one scene that have these in common. */
interface CountedReadings {
  /** `null`: of tasks as a whole. */
  scene: Scene | null;
  machine: Suggestion;
  person: 'pass' | 'block';
  policyDigest: string;
  /** By name of the detector. */
  thresholds: DetectorThresholds[];
  count: number;
}

/**
 * How the machine's word fared with people, by scene, thresholds and what it had said; every reading counts once for each of its scenes. Policies that have the same
 * thresholds for a scene count together.
 */
export function machineNumbers(counts: readonly CountedReadings[]): MachineNumbers[] {
  const groups = new Map<string, Omit<MachineNumbers, 'precision' | 'overturned'>>();
  for (const { scene, machine, person, policyDigest, thresholds, count } of counts) {
    if (scene === null || count === 0) continue;
    const key = JSON.stringify([scene, thresholds, machine]);
    const group = groups.get(key) ?? { scene, thresholds, policies: [], machine, read: 0, blocked: 0 };
    if (!group.policies.includes(policyDigest)) group.policies.push(policyDigest);
    group.read += count;
    if (person === 'block') group.blocked += count;
    groups.set(key, group);
  }
  return [...groups.values()]
    .map((group) => {
      const agreed = group.machine === 'pass' ? group.read - group.blocked : group.blocked;
      const policies = group.policies.sort();
      return { ...group, policies, precision: agreed / group.read, overturned: 1 - agreed / group.read };
    })
    .sort(
      (a, b) =>
        SCENES.indexOf(a.scene) - SCENES.indexOf(b.scene) ||
        compare(a.thresholds, b.thresholds) ||
        SUGGESTIONS.indexOf(a.machine) - SUGGESTIONS.indexOf(b.machine),
    );
}

/** Whether a person decided otherwise than the machine: what it left to people counts as harmful until they say that it is not. */
export function isOverturned({ machine, person }: Pick<CountedReadings, 'machine' | 'person'>): boolean {
  return (machine === 'pass') === (person === 'block');
}

/** Lower thresholds of the same detectors first; those that never block come last. */
function compare(one: readonly DetectorThresholds[], other: readonly DetectorThresholds[]): number {
  for (const [index, a] of one.entries()) {
    const b = other[index];
    if (b === undefined) return 1;
    if (a.detector !== b.detector) return a.detector < b.detector ? -1 : 1;
    const difference = a.review - b.review || (a.block ?? 2) - (b.block ?? 2);
    if (difference !== 0) return difference;
  }
  return one.length - other.length;
}
