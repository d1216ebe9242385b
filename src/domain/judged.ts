import type { Origin, Revision } from '../schema/verdict.js';

/** Origins of what the machine said, by whatever policy. */
export const MACHINE_ORIGINS = ['machine', 'policy'] as const satisfies readonly Origin[];

export function isByMachine({ origin }: Pick<Revision, 'origin'>): boolean {
  return MACHINE_ORIGINS.some((machine) => machine === origin);
}

/** What the machine said last: people decide upon that, also after others have decided. @param revisions oldest first */
export function judged(revisions: readonly Revision[]): Revision | null {
  return revisions.findLast(isByMachine) ?? null;
}
