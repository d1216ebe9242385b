import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { BulkView, BulkWithdrawal } from '../../../src/schema/console/queue.js';
import { useConsole } from '../console.js';
import { useKeys } from '../use-keys.js';
import { useNow } from '../use-now.js';
import { Key } from '../ui/words.js';

/** Decisions that may still be taken back. */
export interface Undoable {
  suggestion: 'pass' | 'block';
  /** ISO 8601, UTC. */
  until: string;
  decisions: { taskId: string; decisionId: string }[];
  /** What people know the task by, where it is one. */
  name?: string;
}

/** Takes decisions back, for as long as that can be done. */
export function UndoBar(props: {
  undoable: Undoable;
  /** Leads back to the task, where it was one. */
  returnTo: (taskId: string) => Promise<void>;
  onOver: () => void;
}): JSX.Element {
  const { undoable, returnTo, onOver } = props;
  const { api, t, toast, explain } = useConsole();
  const [isBusy, setBusy] = useState(false);
  const now = useNow(250);
  const leftMs = Date.parse(undoable.until) - now;
  useEffect(() => {
    if (leftMs <= 0 && !isBusy) onOver();
  }, [leftMs <= 0, isBusy]);
  async function undo(): Promise<void> {
    if (isBusy) return;
    setBusy(true);
    try {
      const body = { decisions: undoable.decisions } satisfies BulkWithdrawal;
      const { results } = await api.ask<BulkView>('POST', '/queue/withdraw', { body });
      const back = results.filter(({ result }) => result.outcome === 'withdrawn').length;
      if (undoable.name !== undefined && back === 1) {
        toast('info', t('undo.back', { task: undoable.name }));
        const [decision] = undoable.decisions;
        if (decision !== undefined) await returnTo(decision.taskId);
      } else toast(back === results.length ? 'info' : 'warning', t('undo.done', { count: back, all: results.length }));
    } catch (error) {
      toast('warning', explain(error));
    }
    onOver();
  }
  useKeys('everywhere', { undo: () => void undo() });
  const count = undoable.decisions.length;
  return (
    <div class="dock dock--undo" role="region" aria-label={t('undo.title')}>
      <p class="dock__text" aria-live="polite">
        {undoable.name === undefined
          ? t(`undo.${undoable.suggestion}`, { count })
          : t(`outcome.${undoable.suggestion}`, { task: undoable.name })}
      </p>
      <span class="number dim" aria-hidden="true">
        {Math.max(0, Math.ceil(leftMs / 1000))} s
      </span>
      <button type="button" class="button button--primary" disabled={isBusy} onClick={() => void undo()}>
        {t('undo.undo')} <Key>U</Key>
      </button>
    </div>
  );
}
