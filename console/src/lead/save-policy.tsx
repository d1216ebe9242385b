import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { PolicySave, PolicySaved } from '../../../src/schema/console/lead.js';
import type { Policy } from '../../../src/schema/policy.js';
import { useConsole } from '../console.js';
import { Dialog } from '../ui/dialog.js';
import { Problem } from '../ui/states.js';
import { ChangedList } from './changed-list.js';

/** Saves a changed policy as the next version, and decides the stored tasks by it where that is wanted. */
export function SavePolicy(props: {
  project: string;
  before: Policy;
  policy: Policy;
  after: number;
  onSaved: (saved: PolicySaved) => void;
  onClose: () => void;
}): JSX.Element {
  const { api, t } = useConsole();
  const [note, setNote] = useState('');
  const [apply, setApply] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);
  const { project, policy, after } = props;
  async function save(): Promise<void> {
    setBusy(true);
    setError(null);
    try {
      const body = { project, policy, after, note: note.trim() || null, apply } satisfies PolicySave;
      props.onSaved(await api.ask<PolicySaved>('POST', '/lead/policy', { body }));
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  }
  return (
    <Dialog title={t('whatIf.saveTitle', { version: after + 1 })} onClose={props.onClose}>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        {error !== null && <Problem error={error} />}
        <ChangedList before={props.before} policy={policy} />
        <label class="field">
          <span>{t('whatIf.note')}</span>
          <textarea
            rows={2}
            maxLength={500}
            value={note}
            onInput={(event) => {
              setNote(event.currentTarget.value);
            }}
          />
        </label>
        <label class="check">
          <input
            type="checkbox"
            checked={apply}
            onChange={(event) => {
              setApply(event.currentTarget.checked);
            }}
          />
          <span>{t('whatIf.apply')}</span>
        </label>
        <div class="form__end">
          <button type="button" class="button" onClick={props.onClose}>
            {t('common.cancel')}
          </button>
          <button type="submit" class="button button--primary" disabled={isBusy}>
            {isBusy ? t('whatIf.saving') : t('common.save')}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
