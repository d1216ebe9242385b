import type { JSX } from 'preact';
import type { TaskView } from '../../../src/schema/console/task.js';
import { isKnownAuditKind } from '../audit-kinds.js';
import { useConsole } from '../console.js';
import { Instant } from '../ui/time.js';
import { Word } from '../ui/words.js';

/** Revisions and what was done, in the order of time. */
export function History({ view }: { view: TaskView }): JSX.Element {
  const { t } = useConsole();
  return (
    <ol class="history">
      {view.history.map((entry, index) => (
        <li key={index} class={`history__entry history__entry--${entry.kind}`}>
          <Instant iso={entry.at} />
          <div>
            {entry.suggestion !== null && <Word word={entry.suggestion} />}{' '}
            {entry.revision !== null && (
              <span class="strong">
                {t('history.revision', { number: entry.revision })}
                {entry.origin !== null && ` · ${t(`origin.${entry.origin}`)}`}
              </span>
            )}
            {entry.actor !== null && <span class="dim"> {entry.actor}</span>}
            <p class={entry.kind === 'revision' ? 'dim' : 'strong'}>
              {entry.kind === 'event' && isKnownAuditKind(entry.text) ? t(`audit.${entry.text}`) : entry.text}
            </p>
          </div>
        </li>
      ))}
    </ol>
  );
}
