import type { MachineNumbers } from '../schema/console/lead.js';
import { SCENES, SUGGESTIONS, type Scene, type Suggestion } from '../schema/scene.js';

/** Readings of one scene that have these in common. */
interface CountedReadings {
  /** `null`: of tasks as a whole. */
  scene: Scene | null;
  machine: Suggestion;
  person: 'pass' | 'block';
  policyDigest: string;
  count: number;
}

/** How the machine's word fared with people, by scene, policy and what it had said; every reading counts once for each of its scenes. */
export function machineNumbers(counts: readonly CountedReadings[]): MachineNumbers[] {
  const groups = new Map<string, Omit<MachineNumbers, 'precision' | 'overturned'>>();
  for (const { scene, machine, person, policyDigest, count } of counts) {
    if (scene === null) continue;
    const key = JSON.stringify([scene, policyDigest, machine]);
    const group = groups.get(key) ?? { scene, policyDigest, machine, read: 0, blocked: 0 };
    group.read += count;
    if (person === 'block') group.blocked += count;
    groups.set(key, group);
  }
  return [...groups.values()]
    .filter(({ read }) => read > 0)
    .map((group) => {
      const agreed = group.machine === 'pass' ? group.read - group.blocked : group.blocked;
      return { ...group, precision: agreed / group.read, overturned: 1 - agreed / group.read };
    })
    .sort(
      (a, b) =>
        SCENES.indexOf(a.scene) - SCENES.indexOf(b.scene) ||
        compare(a.policyDigest, b.policyDigest) ||
        SUGGESTIONS.indexOf(a.machine) - SUGGESTIONS.indexOf(b.machine),
    );
}

/** Whether a person decided otherwise than the machine: what it left to people counts as harmful until they say that it is not. */
export function isOverturned({ machine, person }: Pick<CountedReadings, 'machine' | 'person'>): boolean {
  return (machine === 'pass') === (person === 'block');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
