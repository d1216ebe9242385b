import type { JSX } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { useBase } from '../console.js';
import { Dialog } from '../ui/dialog.js';

/** Asks for words before something is done that has to be explained. */
export function ReasonDialog(props: {
  title: string;
  text: string;
  action: string;
  isDangerous?: boolean;
  /** Without one there is nothing to be written. */
  hasNote?: boolean;
  onDone: (reason: string | null) => void;
  onClose: () => void;
}): JSX.Element {
  const { t } = useBase();
  const [reason, setReason] = useState('');
  const isDone = useRef(false);
  return (
    <Dialog title={props.title} onClose={props.onClose}>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          if (isDone.current) return;
          isDone.current = true;
          props.onDone(reason.trim() === '' ? null : reason.trim());
          props.onClose();
        }}
      >
        <p>{props.text}</p>
        {props.hasNote !== false && (
          <label class="field">
            <span>{t('decide.note')}</span>
            <textarea
              rows={3}
              maxLength={2000}
              value={reason}
              onInput={(event) => {
                setReason(event.currentTarget.value);
              }}
            />
          </label>
        )}
        <div class="form__end">
          <button type="button" class="button" onClick={props.onClose}>
            {t('common.cancel')}
          </button>
          <button type="submit" class={props.isDangerous === true ? 'button button--block' : 'button button--primary'}>
            {props.action}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
