import type { JSX } from 'preact';
import type { WhatIfView } from '../../../src/schema/console/lead.js';
import { SUGGESTIONS, type Suggestion } from '../../../src/schema/scene.js';
import { useConsole } from '../console.js';
import { formatRoute } from '../route.js';
import { Word } from '../ui/words.js';

/** What would become of the stored tasks: from what to what, with a few of them. */
export function WhatIfResult({ view, isLoading }: { view: WhatIfView; isLoading: boolean }): JSX.Element {
  const { t, format } = useConsole();
  const changed = view.changes.filter(({ from, to }) => from !== to);
  const total = changed.reduce((sum, { count }) => sum + count, 0);
  const countOf = (from: Suggestion, to: Suggestion) =>
    view.changes.find((change) => change.from === from && change.to === to)?.count ?? 0;
  const look = (from: Suggestion, to: Suggestion) =>
    from === to ? 'is-same' : countOf(from, to) > 0 ? 'is-changed' : 'is-zero';
  return (
    <div class={isLoading ? 'what-if__result is-stale' : 'what-if__result'}>
      <p class="what-if__total" role="status" aria-live="polite">
        <b class="number">{format.number(total)}</b> {t('whatIf.wouldChange', { count: view.tasks })}
      </p>
      <table class="table what-if__matrix">
        <caption class="visually-hidden">{t('whatIf.matrix')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('whatIf.fromTo')}</th>
            {SUGGESTIONS.map((to) => (
              <th key={to} scope="col" class="cell--number">
                <Word word={to} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {SUGGESTIONS.map((from) => (
            <tr key={from}>
              <th scope="row">
                <Word word={from} />
              </th>
              {SUGGESTIONS.map((to) => (
                <td key={to} class={`cell--number number ${look(from, to)}`}>
                  {format.number(countOf(from, to))}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <p class="dim">
        {t('whatIf.left', {
          people: view.left.decidedByPeople,
          gone: view.left.notDecidable,
          ms: Math.round(view.tookMs),
        })}
      </p>
      {changed.map(({ from, to, count, examples }) => (
        <section key={`${from} ${to}`} class="what-if__examples">
          <h3>
            <Word word={from} /> <span aria-hidden="true">→</span>
            <span class="visually-hidden">{t('whatIf.becomes')}</span> <Word word={to} />{' '}
            <span class="number dim">{format.number(count)}</span>
          </h3>
          <ul>
            {examples.map((taskId) => (
              <li key={taskId}>
                <a href={formatRoute('task', taskId)}>
                  <code>{taskId}</code>
                </a>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}
