import type { ExposureView } from '../../schema/console/session.js';
import type { ConsoleService } from './service.js';

/** How long a member has looked at severe material in the shift that ends now. */
export async function exposureOf(
  { records, settings }: Pick<ConsoleService, 'records' | 'settings'>,
  name: string,
): Promise<ExposureView> {
  const { exposure } = settings().console;
  return { ...exposure, seconds: await records.members.exposureSince(name, shiftStart(exposure)) };
}

/** When the shift began that ends now: ISO 8601, UTC. */
export function shiftStart({ shiftHours }: Pick<ExposureView, 'shiftHours'>): string {
  return new Date(Date.now() - shiftHours * 3_600_000).toISOString();
}

/** Whether a member has seen as much as a shift allows. */
export function isSpent({ seconds, budgetSeconds }: ExposureView): boolean {
  return budgetSeconds !== null && seconds >= budgetSeconds;
}
