import { useCallback, useRef, useState } from 'preact/hooks';
import type { ClaimUse, TakeNext, TakenTask } from '../../src/schema/console/queue.js';
import { ConsoleFailure } from './api.js';
import type { Base } from './console.js';
import { takeFilterOf } from './queue/filter.js';
import { parseRoute } from './route.js';

export interface Taking {
  /** Takes the next task of the queue, by the filters in force, and leads to it. */
  takeNext: () => Promise<void>;
  /** Goes on with a task whose decision was taken back; the one that was taken after it is given back. */
  returnTo: (taskId: string) => Promise<void>;
  /** How often somebody came back to a task: its page is then a new one, which knows of no decision. */
  returns: number;
}

/** How a member goes from task to task. One at a time: whoever returns to a task waits until it is known which one was being taken. */
export function useTaking(base: Base): Taking {
  const { api, go, toast, explain, route } = base;
  // Where the queue was left: taking the next task goes on there.
  const filter = useRef<Record<string, string>>({});
  if (route.page === 'queue') filter.current = route.query;
  const taken = useRef<TakenTask | null>(null);
  const taking = useRef<Promise<void> | null>(null);
  const [returns, setReturns] = useState(0);
  const post = <Answer>(taskId: string, what: string, body?: ClaimUse) =>
    api.ask<Answer>('POST', `/tasks/${encodeURIComponent(taskId)}/${what}`, { body });

  const take = async (): Promise<void> => {
    const from = location.hash;
    const isStillThere = () => location.hash === from;
    try {
      const body: TakeNext = takeFilterOf(filter.current);
      const { taskId, claim } = await api.ask<TakenTask>('POST', '/queue/next', { body });
      if (isStillThere()) {
        taken.current = { taskId, claim };
        go('task', taskId);
      } else {
        // Who went elsewhere meanwhile is not dragged away: the task is given back.
        await post(taskId, 'release', { claimId: claim.claimId });
      }
    } catch (error) {
      const isEmpty = error instanceof ConsoleFailure && error.code === 'QueueEmpty';
      toast(isEmpty ? 'info' : 'warning', explain(error));
      if (isEmpty && isStillThere()) go('queue', '', filter.current);
    }
  };

  return {
    takeNext: useCallback(() => {
      taking.current ??= take().finally(() => {
        taking.current = null;
      });
      return taking.current;
    }, [base]),
    async returnTo(taskId) {
      await taking.current;
      const next = taken.current;
      const shown = parseRoute(location.hash);
      if (next !== null && next.taskId !== taskId && shown.page === 'task' && shown.id === next.taskId)
        await post(next.taskId, 'release', { claimId: next.claim.claimId }).catch(() => undefined);
      // Where somebody was quicker the page says so.
      await post(taskId, 'claim').catch(() => undefined);
      setReturns((count) => count + 1);
      go('task', taskId);
    },
    returns,
  };
}
