import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { BulkDecision, BulkView, QueueRow } from '../../../src/schema/console/queue.js';
import { useConsole } from '../console.js';
import { newId } from '../new-id.js';
import { reasonsOf, useReasonText } from '../reason-text.js';
import { Icon } from '../ui/icon.js';

/** Decides all chosen tasks alike. */
export function BulkBar(props: { rows: QueueRow[]; onDone: () => void; onClear: () => void }): JSX.Element {
  const { api, t, session, toast, explain, offerUndo } = useConsole();
  const [reason, setReason] = useState('');
  const [isBusy, setBusy] = useState(false);
  const textOf = useReasonText();
  const { rows } = props;
  // Projects list reasons of their own: what is named must be known to all of them.
  const lists = [...new Set(rows.map(({ project }) => project))].map((project) => reasonsOf(session, project));
  const reasons = (lists[0] ?? []).filter((code) => lists.every((list) => list.includes(code)));
  async function decide(suggestion: 'pass' | 'block'): Promise<void> {
    const decisions = rows.slice(0, 100).map(({ taskId }) => ({ taskId, decisionId: newId() }));
    const body = { decisions, suggestion, reasonCode: reason || null, reason: null } satisfies BulkDecision;
    setBusy(true);
    try {
      const { results, undoUntil } = await api.ask<BulkView>('POST', '/queue/decide', { body });
      const refused = results.filter(({ result }) => result.outcome === 'refused');
      const taken = results.filter(({ result }) => result.outcome !== 'refused');
      if (refused.length > 0) toast('warning', t('bulk.refused', { count: refused.length }));
      if (taken.length > 0) {
        offerUndo({
          suggestion,
          until: undoUntil,
          decisions: taken.map(({ taskId, decisionId }) => ({ taskId, decisionId })),
        });
      }
      props.onDone();
    } catch (error) {
      toast('warning', explain(error));
    } finally {
      setBusy(false);
    }
  }
  return (
    <div class="dock dock--bulk" role="region" aria-label={t('bulk.title')}>
      <p class="dock__text" aria-live="polite">
        {t('bulk.chosen', { count: rows.length })}
      </p>
      <label class="choice">
        <span class="visually-hidden">{t('decide.reason')}</span>
        <select
          value={reason}
          onChange={(event) => {
            setReason(event.currentTarget.value);
          }}
        >
          <option value="">{t('bulk.noReason')}</option>
          {reasons.map((code) => (
            <option key={code} value={code}>
              {textOf(code)}
            </option>
          ))}
        </select>
      </label>
      <button type="button" class="button button--pass" disabled={isBusy} onClick={() => void decide('pass')}>
        <Icon name="pass" />
        {t('word.pass')}
      </button>
      <button type="button" class="button button--block" disabled={isBusy} onClick={() => void decide('block')}>
        <Icon name="block" />
        {t('word.block')}
      </button>
      <button type="button" class="button button--quiet" onClick={props.onClear}>
        {t('bulk.clear')}
      </button>
    </div>
  );
}
