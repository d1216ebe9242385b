import type { JSX } from 'preact';
import type { LeadView } from '../../../src/schema/console/lead.js';
import { useConsole } from '../console.js';
import { AgesChart } from '../lead/ages-chart.js';
import { DaysChart } from '../lead/days-chart.js';
import { MachineChart } from '../lead/machine-chart.js';
import { AgreementTable, Reviewers } from '../lead/reviewers.js';
import { PageHead } from '../ui/page.js';
import { Empty, Loading, Problem } from '../ui/states.js';
import { useLoad } from '../use-load.js';

const SPANS = [7, 30, 90, 365] as const;

/** The numbers of a team: how the queue stands, who does what, how the machine fares. */
export function LeadPage(): JSX.Element {
  const { api, t, format, route, go, session } = useConsole();
  const { project = '', days = '30' } = route.query;
  const lead = useLoad(`${project} ${days}`, (signal) =>
    api.ask<LeadView>('GET', '/lead', { query: { project, days }, signal }),
  );
  const view = lead.data;
  return (
    <>
      <PageHead title={t('lead.title')}>
        {session.projects.length > 1 && (
          <label class="choice page-head__action">
            <span class="visually-hidden">{t('queue.project')}</span>
            <select
              value={project}
              onChange={(event) => {
                go('lead', '', { project: event.currentTarget.value, days }, true);
              }}
            >
              <option value="">{t('queue.allProjects')}</option>
              {session.projects.map(({ name }) => (
                <option key={name} value={name}>
                  {name}
                </option>
              ))}
            </select>
          </label>
        )}
        <span
          class={session.projects.length > 1 ? 'segments' : 'segments page-head__action'}
          role="group"
          aria-label={t('lead.span')}
        >
          {SPANS.map((each) => (
            <button
              key={each}
              type="button"
              aria-pressed={days === String(each)}
              onClick={() => {
                go('lead', '', { project, days: String(each) }, true);
              }}
            >
              {t('lead.lastDays', { count: each })}
            </button>
          ))}
        </span>
      </PageHead>
      {lead.error !== null && <Problem error={lead.error} retry={lead.reload} />}
      {view === null ? (
        lead.error === null && <Loading rows={12} />
      ) : (
        <div class="lead">
          <dl class="tiles">
            <Tile label={t('lead.waiting')} value={format.number(view.queue.waiting)} />
            <Tile label={t('lead.escalated')} value={format.number(view.queue.escalated)} />
            <Tile
              label={t('lead.oldest')}
              value={view.queue.oldestS === null ? '–' : format.duration(view.queue.oldestS)}
            />
            <Tile label={t('lead.decidedIn')} value={format.number(sum(view, 'decided'))} />
            <Tile
              label={t('lead.overturnedIn')}
              value={
                sum(view, 'decided') === 0 ? '–' : format.percent(sum(view, 'overturned') / sum(view, 'decided'), 1)
              }
            />
          </dl>
          <div class="lead__pair">
            <DaysChart view={view} />
            <AgesChart queue={view.queue} />
          </div>
          {view.machine.length === 0 ? (
            <section class="panel">
              <Empty icon="check" title={t('lead.noMachine')} />
            </section>
          ) : (
            <MachineChart machine={view.machine} />
          )}
          <div class="lead__pair lead__pair--even">
            <Reviewers reviewers={view.reviewers} />
            <AgreementTable agreement={view.agreement} />
          </div>
        </div>
      )}
    </>
  );
}

const sum = (view: LeadView, name: 'decided' | 'overturned') => view.days.reduce((all, day) => all + day[name], 0);

function Tile({ label, value }: { label: string; value: string }): JSX.Element {
  return (
    <div class="tile">
      <dt>{label}</dt>
      <dd class="number">{value}</dd>
    </div>
  );
}
