import type { JSX } from 'preact';
import type { Agreement, ReviewerNumbers } from '../../../src/schema/console/lead.js';
import { useConsole } from '../console.js';
import { Empty } from '../ui/states.js';

/** What each reviewer did, and how much of it stood. */
export function Reviewers({ reviewers }: { reviewers: ReviewerNumbers[] }): JSX.Element {
  const { t, format } = useConsole();
  return (
    <section class="panel panel--table" aria-label={t('lead.reviewers')}>
      <header class="chart__head">
        <h2>{t('lead.reviewers')}</h2>
      </header>
      {reviewers.length === 0 ? (
        <Empty icon="person" title={t('lead.noReviewers')} />
      ) : (
        <div class="scroll-x" tabIndex={0} role="group" aria-label={t('lead.reviewers')}>
          <table class="table">
            <thead>
              <tr>
                <th>{t('lead.reviewer')}</th>
                <th class="cell--number">{t('lead.decided')}</th>
                <th class="cell--number">{t('lead.meanWait')}</th>
                <th class="cell--number">{t('lead.blockedShare')}</th>
                <th class="cell--number">{t('lead.overruled')}</th>
                <th class="cell--number">{t('lead.exposure')}</th>
              </tr>
            </thead>
            <tbody>
              {reviewers.map((row) => (
                <tr key={row.reviewer}>
                  <td class="strong">{row.reviewer}</td>
                  <td class="cell--number number">{format.number(row.decided)}</td>
                  <td class="cell--number number">{format.duration(row.meanWaitS)}</td>
                  <td class="cell--number number">
                    {row.decided === 0 ? '–' : format.percent(row.blocked / row.decided)}
                  </td>
                  <td class="cell--number number">{format.number(row.overruled)}</td>
                  <td class="cell--number number">
                    {format.duration(row.exposureS)}
                    {row.budgetS !== null && (
                      <span class={row.exposureS >= row.budgetS ? 'text--warning' : 'dim'}>
                        {' '}
                        / {format.duration(row.budgetS)}
                      </span>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

/** How much readers of the same tasks agree, by scene; of everybody, and of each. */
export function AgreementTable({ agreement }: { agreement: Agreement[] }): JSX.Element {
  const { t, format } = useConsole();
  return (
    <section class="panel panel--table" aria-label={t('lead.agreement')}>
      <header class="chart__head">
        <h2>{t('lead.agreement')}</h2>
      </header>
      {agreement.length === 0 ? (
        <Empty icon="check" title={t('lead.noPairs')} />
      ) : (
        <div class="scroll-x" tabIndex={0} role="group" aria-label={t('lead.agreement')}>
          <table class="table">
            <thead>
              <tr>
                <th>{t('queue.scene')}</th>
                <th>{t('lead.reviewer')}</th>
                <th class="cell--number">{t('lead.pairs')}</th>
                <th class="cell--number">{t('lead.observed')}</th>
                <th class="cell--number">
                  <abbr title={t('lead.kappaLong')}>κ</abbr>
                </th>
              </tr>
            </thead>
            <tbody>
              {agreement.map((row) => (
                <tr key={`${row.scene} ${row.reviewer ?? ''}`}>
                  <td>{t(`scene.${row.scene}`)}</td>
                  <td class={row.reviewer === null ? 'dim' : 'strong'}>{row.reviewer ?? t('lead.everybody')}</td>
                  <td class="cell--number number">{format.number(row.pairs)}</td>
                  <td class="cell--number number">{format.percent(row.observed)}</td>
                  <td class="cell--number number">{row.kappa === null ? '–' : format.number(row.kappa, 2)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
