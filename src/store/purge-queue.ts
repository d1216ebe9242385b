import { MAX_QUEUE_PAGE, type QueueEntry, type ReviewQueue } from './review-queue.js';

/**
 * Takes out of the queue what nobody waits for any more: tasks whose workflow was ended from outside, or lost. Answers how many there were.
 * @param isOpen whether a workflow stands behind the task; of what cannot be told, yes
 */
export async function purgeQueue(queue: ReviewQueue, isOpen: (taskId: string) => Promise<boolean>): Promise<number> {
  let gone = 0;
  for await (const { taskId } of waiting(queue)) {
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
