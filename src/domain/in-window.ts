import type { SamplePlan } from '../schema/plan.js';
import type { ScenePolicy } from '../schema/policy.js';
import { onFinerGrid } from './sample-plan.js';

/**
 * Those that lie within any n neighbouring samples of which at least k are here, ascending in time: neighbours on the grid, or on the finer one where samples were
 * taken in between. Either is enough, so that what a second pass adds never takes away from what the first one saw.
 */
export function inWindow<T extends { sample: number }>(
  rated: readonly T[],
  window: ScenePolicy['window'],
  plan: SamplePlan,
): T[] {
  const isOfGrid = ({ sample }: T): boolean => sample < plan.count;
  const kept = new Set([
    ...close(rated.filter(isOfGrid), window, ({ sample }) => sample),
    ...close(rated, window, ({ sample }) => onFinerGrid(plan, sample)),
  ]);
  return rated.filter((member) => kept.has(member));
}

function close<T>(rated: readonly T[], { k, n }: ScenePolicy['window'], numberOf: (one: T) => number): T[] {
  return rated.flatMap((first, index) => {
    const window = rated.slice(index).filter((other) => numberOf(other) < numberOf(first) + n);
    return window.length >= k ? window : [];
  });
}
