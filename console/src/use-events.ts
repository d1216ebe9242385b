import { useEffect, useRef, useState } from 'preact/hooks';
import type { CountsView } from '../../src/schema/console/queue.js';
import type { Api } from './api.js';

/** Counts as the service pushes them, and ids of tasks whose place in the queue changed. The browser connects again by itself. */
export function useEvents(api: Api, onQueue: (taskIds: string[]) => void): CountsView | null {
  const [counts, setCounts] = useState<CountsView | null>(null);
  const listener = useRef(onQueue);
  listener.current = onQueue;
  useEffect(() => {
    const source = new EventSource(api.address('/events'));
    source.addEventListener('counts', (event: MessageEvent<string>) => {
      setCounts(JSON.parse(event.data) as CountsView);
    });
    source.addEventListener('queue', (event: MessageEvent<string>) => {
      listener.current((JSON.parse(event.data) as { taskIds: string[] }).taskIds);
    });
    // What changed while nobody listened is not sent again.
    let hasFailed = false;
    source.addEventListener('error', () => {
      hasFailed = true;
    });
    source.addEventListener('open', () => {
      if (hasFailed) listener.current([]);
      hasFailed = false;
    });
    return () => {
      source.close();
    };
  }, [api]);
  return counts;
}
