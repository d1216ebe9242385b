import { useEffect, useRef, useState } from 'preact/hooks';
import type { CountsView } from '../../src/schema/console/queue.js';
import type { Api } from './api.js';

const AGAIN_MS = 5000;

/** Counts as the service pushes them, and ids of tasks whose place in the queue changed. The browser connects again by itself. */
export function useEvents(api: Api, onQueue: (taskIds: string[]) => void): CountsView | null {
  const [counts, setCounts] = useState<CountsView | null>(null);
  const listener = useRef(onQueue);
  listener.current = onQueue;
  useEffect(() => {
    let again: ReturnType<typeof setTimeout> | undefined;
    let hasFailed = false;
    const open = (): EventSource => {
      const opened = new EventSource(api.address('/events'));
      opened.addEventListener('counts', (event: MessageEvent<string>) => {
        setCounts(JSON.parse(event.data) as CountsView);
      });
      opened.addEventListener('queue', (event: MessageEvent<string>) => {
        listener.current((JSON.parse(event.data) as { taskIds: string[] }).taskIds);
      });
      opened.addEventListener('open', () => {
        // What changed while nobody listened is not sent again.
        if (hasFailed) listener.current([]);
        hasFailed = false;
      });
      opened.addEventListener('error', () => {
        hasFailed = true;
        // A connection that breaks is made anew by the browser, one that is refused is not.
        if (opened.readyState === EventSource.CLOSED) again = setTimeout(reopen, AGAIN_MS);
      });
      return opened;
    };
    let source = open();
    function reopen(): void {
      // Asking for the session tells the page where it has ended.
      api.ask('GET', '/session').then(
        () => {
          source = open();
        },
        () => {
          again = setTimeout(reopen, AGAIN_MS);
        },
      );
    }
    return () => {
      clearTimeout(again);
      source.close();
    };
  }, [api]);
  return counts;
}
