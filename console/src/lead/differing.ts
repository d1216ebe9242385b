import type { MachineNumbers } from '../../../src/schema/console/lead.js';
import type { DetectorThresholds } from '../../../src/schema/review.js';

/** What tells a row from the others of its scene: thresholds that are not the same in all of them; none where there is nothing to be told apart. */
export function differing(row: MachineNumbers, all: readonly MachineNumbers[]): DetectorThresholds[] {
  const others = all.filter(({ scene }) => scene === row.scene);
  const isShared = (own: DetectorThresholds): boolean =>
    others.every(({ thresholds }) => thresholds.some((other) => isSame(own, other)));
  return row.thresholds.filter((own) => !isShared(own));
}

function isSame(one: DetectorThresholds, other: DetectorThresholds): boolean {
  return one.detector === other.detector && one.review === other.review && one.block === other.block;
}
