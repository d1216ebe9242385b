import type { QueueRow, QueueView } from '../../../src/schema/console/queue.js';
import type { Api } from '../api.js';

/** The most that the service answers at once. */
const PAGE = 200;

/** The first rows of the queue that a filter shows, as many as wanted; `hasMore`: others follow. */
export interface LoadedRows extends Pick<QueueView, 'counts'> {
  rows: QueueRow[];
  hasMore: boolean;
}

/** Reads as many pages as it takes. A task that changed its place between two of them is in the list once. */
export async function loadRows(
  api: Api,
  filter: Record<string, string | number>,
  wanted: number,
  signal: AbortSignal,
): Promise<LoadedRows> {
  const rows = new Map<string, QueueRow>();
  let left = wanted;
  let after: string | undefined;
  for (;;) {
    const query = { ...filter, limit: Math.min(PAGE, left), after };
    const page = await api.ask<QueueView>('GET', '/queue', { query, signal });
    for (const row of page.rows) if (!rows.has(row.taskId)) rows.set(row.taskId, row);
    left -= query.limit;
    if (page.next === null || left <= 0)
      return { rows: [...rows.values()], hasMore: page.next !== null, counts: page.counts };
    after = page.next;
  }
}
