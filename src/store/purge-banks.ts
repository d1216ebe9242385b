import type { BankStore } from './banks.js';
import type { RecordStore } from './records.js';

/** Removes contents of banks that were superseded before the instant and that no task under way names; answers how many. */
export async function purgeBanks(
  banks: BankStore,
  records: Pick<RecordStore, 'openTaskIds' | 'findTask'>,
  instant: string,
): Promise<number> {
  const inUse = new Set<string>();
  for (const taskId of await records.openTaskIds()) {
    const task = await records.findTask(taskId);
    for (const { digest } of task?.request.banks ?? []) inUse.add(digest);
  }
  return banks.removeSuperseded(instant, inUse);
}
