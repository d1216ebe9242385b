import type { RecordStore } from '../../src/store/records.js';

/** All that a sequence gives. */
export async function collected<T>(sequence: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const each of sequence) all.push(each);
  return all;
}

/** Removes the tasks that ended before the instant but for some, and answers the digests that nothing refers to any more. */
export async function purgeTasks(
  records: RecordStore,
  instant: string,
  except: readonly string[] = [],
): Promise<string[]> {
  for await (const page of records.endedBefore(instant))
    await records.removeTasks(page.filter((taskId) => !except.includes(taskId)));
  return (await collected(records.releasedDigests())).flat();
}
