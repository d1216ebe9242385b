import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { ProgressView, Steering as SteeringUse, TaskView } from '../../../src/schema/console/task.js';
import { useConsole } from '../console.js';
import { ReasonDialog } from './reason-dialog.js';

/** What a lead can do with a task that runs. */
export function Steering({ view, reload }: { view: TaskView; reload: () => void }): JSX.Element {
  const { t, api, toast, explain } = useConsole();
  const [isAsked, setAsked] = useState(false);
  const { progress, isPaused } = view;
  const steer = (body: SteeringUse) => {
    api
      .ask<ProgressView | null>('POST', `/tasks/${encodeURIComponent(view.taskId)}/steer`, { body })
      .then(reload, (error: unknown) => {
        toast('warning', explain(error));
      });
  };
  return (
    <div class="steering" role="group" aria-label={t('steer.title')}>
      <label class="choice">
        <span>{t('steer.priority')}</span>
        <select
          value={String(progress?.priority ?? '')}
          onChange={(event) => {
            steer({ action: 'prioritise', priority: Number(event.currentTarget.value) });
          }}
        >
          {progress === null && (
            <option value="" disabled>
              –
            </option>
          )}
          {[1, 2, 3, 4, 5].map((priority) => (
            <option key={priority} value={String(priority)}>
              {priority}
            </option>
          ))}
        </select>
      </label>
      <button
        type="button"
        class="button button--small"
        onClick={() => {
          steer({ action: isPaused ? 'resume' : 'pause' });
        }}
      >
        {t(isPaused ? 'steer.resume' : 'steer.pause')}
      </button>
      <button
        type="button"
        class="button button--small"
        onClick={() => {
          setAsked(true);
        }}
      >
        {t('steer.cancel')}
      </button>
      {isAsked && (
        <ReasonDialog
          title={t('steer.cancel')}
          text={t('steer.cancelText')}
          action={t('steer.cancel')}
          isDangerous
          hasNote={false}
          onDone={() => {
            steer({ action: 'cancel' });
          }}
          onClose={() => {
            setAsked(false);
          }}
        />
      )}
    </div>
  );
}
