import type { PurgeWatch } from './purge.js';
import { MAX_QUEUE_PAGE, type QueueEntry, type ReviewQueue } from './review-queue.js';

/** Takes out of the queue what nobody waits for any more: tasks whose workflow was ended from outside, or lost. Answers how many there were. */
export async function purgeQueue(queue: ReviewQueue, { isOpen, step }: PurgeWatch): Promise<number> {
  let gone = 0;
  for await (const { taskId } of waiting(queue)) {
    step();
    // From before it is asked about: what another run shows meanwhile is later, and stays.
    const sequence = Date.now();
    if (await isOpen(taskId)) continue;
    await queue.remove(taskId, sequence);
    gone++;
  }
  return gone;
}

/** Blind second readings live in the store alone: no workflow stands behind them. */
async function* waiting(queue: ReviewQueue): AsyncGenerator<QueueEntry> {
  const query = { projects: null, kinds: ['review', 'appeal'], order: 'age', limit: MAX_QUEUE_PAGE } as const;
  let page = await queue.page(query);
  yield* page.entries;
  while (page.next !== null) {
    page = await queue.page({ ...query, after: page.next });
    yield* page.entries;
  }
}
