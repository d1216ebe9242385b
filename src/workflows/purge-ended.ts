import { purging } from './activity-options.js';

/** Removes what ended longer ago than results are kept; started by a schedule. Tasks that wait for a person stay. */
export async function purgeEnded(): Promise<void> {
  await purging.purgeEnded();
}
