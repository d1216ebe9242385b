import { useEffect, useRef } from 'preact/hooks';

export interface RowFocus {
  /** Answers whether there was a row to move to. */
  move: (step: 1 | -1) => boolean;
  focused: () => string | null;
  /** Rows are about to follow: the first of them is focused once it is there, unless focus has gone elsewhere by then. */
  awaitMore: () => void;
}

/** Moves focus along the rows of a table; when a focused row goes, its successor takes over. */
export function useRowFocus(taskIds: string[]): RowFocus {
  const last = useRef<{ taskId: string; index: number } | null>(null);
  const awaited = useRef<number | null>(null);
  const linkOf = (taskId: string) => document.querySelector<HTMLElement>(`[data-task="${CSS.escape(taskId)}"]`);
  const focused = () => {
    const row = document.activeElement?.closest('tr');
    return row?.querySelector<HTMLElement>('[data-task]')?.dataset['task'] ?? null;
  };
  useEffect(() => {
    const remember = () => {
      awaited.current = null;
      const taskId = focused();
      last.current = taskId === null ? null : { taskId, index: taskIds.indexOf(taskId) };
    };
    document.addEventListener('focusin', remember);
    return () => {
      document.removeEventListener('focusin', remember);
    };
  });
  const all = taskIds.join(' ');
  useEffect(() => {
    const first = awaited.current === null ? undefined : taskIds[awaited.current];
    if (first !== undefined) {
      linkOf(first)?.focus();
      return;
    }
    const lost = last.current;
    if (lost === null || taskIds.includes(lost.taskId) || document.activeElement !== document.body) return;
    const heir = taskIds[Math.min(lost.index, taskIds.length - 1)];
    if (heir === undefined) document.querySelector<HTMLElement>('h1')?.focus();
    else linkOf(heir)?.focus();
  }, [all]);
  return {
    focused,
    move(step) {
      const at = taskIds.indexOf(focused() ?? '');
      const next = taskIds[at === -1 ? (step === 1 ? 0 : taskIds.length - 1) : at + step];
      if (next !== undefined) linkOf(next)?.focus();
      return next !== undefined;
    },
    awaitMore() {
      awaited.current = taskIds.length;
    },
  };
}
