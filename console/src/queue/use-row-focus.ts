import { useEffect, useRef } from 'preact/hooks';

/** Moves focus along the rows of a table; when a focused row goes, its successor takes over. */
export function useRowFocus(taskIds: string[]): { move: (step: 1 | -1) => void; focused: () => string | null } {
  const last = useRef<{ taskId: string; index: number } | null>(null);
  const linkOf = (taskId: string) => document.querySelector<HTMLElement>(`[data-task="${CSS.escape(taskId)}"]`);
  const focused = () => {
    const row = document.activeElement?.closest('tr');
    return row?.querySelector<HTMLElement>('[data-task]')?.dataset['task'] ?? null;
  };
  useEffect(() => {
    const remember = () => {
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
    },
  };
}
