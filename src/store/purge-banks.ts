import type { BankStore } from './banks.js';
import { drawnBytes } from './purge.js';
import type { RecordStore } from './records.js';

/**
 * Removes contents of banks that were superseded before the instant and that no task under way names, and of those stored before it a share, drawn by lot, that no
 * version names, because an import died before it counted; `firstBytes` names the share. Answers how many.
 */
export async function purgeBanks(
  banks: BankStore,
  records: Pick<RecordStore, 'openTaskIds' | 'findTask'>,
  instant: string,
  firstBytes: readonly number[] = drawnBytes(),
): Promise<number> {
  const inUse = new Set<string>();
  for (const taskId of await records.openTaskIds()) {
    const task = await records.findTask(taskId);
    for (const { digest } of task?.request.banks ?? []) inUse.add(digest);
  }
  const superseded = await banks.removeSuperseded(instant, inUse);
  return superseded + (await banks.removeUnnamed(instant, inUse, firstBytes));
}
