import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { AuditView } from '../../../src/schema/console/audit.js';
import { ConsoleFailure } from '../api.js';
import { useConsole } from '../console.js';
import { AUDIT_KINDS } from '../../../src/schema/audit-kinds.js';
import { isKnownAuditKind } from '../audit-kinds.js';
import { formatRoute } from '../route.js';
import { FilterText } from '../ui/filter-text.js';
import { Icon } from '../ui/icon.js';
import { PageHead } from '../ui/page.js';
import { Empty, Loading, Problem } from '../ui/states.js';
import { Instant } from '../ui/time.js';
import { useLoad } from '../use-load.js';

type Row = AuditView['rows'][number];

/** What `GET /audit/check` answers. */
type AuditCheck =
  | { outcome: 'whole'; rows: number; head: AuditView['head']; from: number }
  | { outcome: 'broken'; sequence: number; why: string };

/** Who did what, from where: an append-only record that can be checked. */
export function AuditPage(): JSX.Element {
  const { api, t, format, route, go, session, toast, explain } = useConsole();
  const { actor = '', kind = '', taskId = '' } = route.query;
  const filter = { actor, kind, taskId };
  const key = JSON.stringify(filter);
  const first = useLoad(key, (signal) => api.ask<AuditView>('GET', '/audit', { query: filter, signal }));
  const [older, setOlder] = useState<Row[]>([]);
  const [isOver, setOver] = useState(false);
  const [check, setCheck] = useState<AuditCheck | 'running' | null>(null);
  useEffect(() => {
    setOlder([]);
    setOver(false);
  }, [key, first.data]);
  const rows = [...(first.data?.rows ?? []), ...older];
  const oldest = rows.at(-1)?.sequence ?? null;
  const change = (name: string, value: string) => {
    go('audit', '', { ...filter, [name]: value }, true);
  };
  async function more(before: number): Promise<void> {
    try {
      const page = await api.ask<AuditView>('GET', '/audit', { query: { ...filter, before } });
      setOlder([...older, ...page.rows]);
      setOver(page.rows.length === 0);
    } catch (error) {
      toast('warning', explain(error));
    }
  }
  async function verify(): Promise<void> {
    setCheck('running');
    try {
      setCheck(await api.ask<AuditCheck>('GET', '/audit/check'));
    } catch (error) {
      setCheck(null);
      if (!(error instanceof ConsoleFailure) || error.code !== 'SignInRequired') toast('warning', explain(error));
    }
  }
  return (
    <>
      <PageHead title={t('audit.title')}>
        <p class="page-head__facts">
          {first.data !== null && (
            <span>
              {t('audit.head')} <span class="number">{format.number(first.data.head.sequence)}</span>{' '}
              <code class="dim">{first.data.head.digest.slice(0, 12)}</code>
            </span>
          )}
        </p>
        <button
          type="button"
          class="button button--small page-head__action"
          disabled={check === 'running'}
          onClick={() => void verify()}
        >
          <Icon name="check" />
          {t('audit.check')}
        </button>
        {session.member.role === 'admin' &&
          (['jsonl', 'csv'] as const).map((name) => (
            <a key={name} class="button button--small" href={api.address('/audit/export', { format: name })} download>
              {t(`audit.export.${name}`)}
            </a>
          ))}
      </PageHead>
      <div role="status" aria-live="polite">
        {check === 'running' && <p class="notice">{t('audit.checking')}</p>}
        {check !== null && check !== 'running' && check.outcome === 'whole' && (
          <p class="notice notice--pass">
            <Icon name="check" />
            {t('audit.whole', { count: check.rows, from: check.from })}
          </p>
        )}
        {check !== null && check !== 'running' && check.outcome === 'broken' && (
          <p class="notice notice--block">
            <Icon name="warning" />
            {t('audit.broken', { sequence: check.sequence, why: check.why })}
          </p>
        )}
      </div>
      <div class="filters" role="search" aria-label={t('audit.filters')}>
        <FilterText
          class="filters__tag"
          label={t('audit.actor')}
          placeholder={t('audit.actor')}
          value={actor}
          onFilter={(value) => {
            change('actor', value);
          }}
        />
        <label class="choice">
          <span class="visually-hidden">{t('audit.kind')}</span>
          <select
            value={kind}
            onChange={(event) => {
              change('kind', event.currentTarget.value);
            }}
          >
            <option value="">{t('audit.anyKind')}</option>
            {AUDIT_KINDS.map((each) => (
              <option key={each} value={each}>
                {t(`audit.${each}`)}
              </option>
            ))}
          </select>
        </label>
        <FilterText
          class="filters__tag"
          label={t('facts.taskId')}
          placeholder={t('facts.taskId')}
          value={taskId}
          onFilter={(value) => {
            change('taskId', value);
          }}
        />
      </div>
      {first.error !== null && <Problem error={first.error} retry={first.reload} />}
      {first.data === null ? (
        first.error === null && <Loading rows={12} />
      ) : rows.length === 0 ? (
        <Empty icon="search" title={t('audit.none')} />
      ) : (
        <div class="panel panel--table">
          <div class="scroll-x" tabIndex={0} role="group" aria-label={t('audit.title')}>
            <AuditTable rows={rows} />
          </div>
          {oldest !== null && oldest > 1 && !isOver && (
            <p class="table__more">
              <button type="button" class="button button--quiet" onClick={() => void more(oldest)}>
                {t('common.more')}
              </button>
            </p>
          )}
        </div>
      )}
    </>
  );
}

function AuditTable({ rows }: { rows: Row[] }): JSX.Element {
  const { t, format } = useConsole();
  return (
    <table class="table table--audit">
      <thead>
        <tr>
          <th class="cell--number">{t('audit.sequence')}</th>
          <th>{t('audit.at')}</th>
          <th>{t('audit.kind')}</th>
          <th>{t('audit.actor')}</th>
          <th>{t('audit.address')}</th>
          <th>{t('audit.subject')}</th>
          <th>{t('audit.digest')}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.sequence}>
            <td class="cell--number number">{format.number(row.sequence)}</td>
            <td>
              <Instant iso={row.at} />
            </td>
            <td class="strong">{isKnownAuditKind(row.kind) ? t(`audit.${row.kind}`) : row.kind}</td>
            <td>{row.actor}</td>
            <td class="dim number">{row.address ?? '–'}</td>
            <td class="cell--detail">
              {row.taskId !== null && (
                <a href={formatRoute('task', row.taskId)}>
                  <code>{row.taskId}</code>
                </a>
              )}
              <Detail row={row} />
            </td>
            <td>
              <code class="dim">{row.digest.slice(0, 12)}</code>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const HOLDS_DIGESTS = /[0-9a-f]{64}/;

/** What else is recorded of an event: in a line what people read, and behind it what only programs compare. */
function Detail({ row: { project, detail } }: { row: Row }): JSX.Element {
  const { t } = useConsole();
  const given = Object.entries(detail).filter(([, value]) => value !== null && value !== '');
  const lines = given.map(([name, value]) => `${name}=${String(value)}`);
  const words = lines.filter((line) => !HOLDS_DIGESTS.test(line));
  const digests = lines.filter((line) => HOLDS_DIGESTS.test(line));
  return (
    <>
      <span class="cell__more">{[...(project === null ? [] : [project]), ...words].join(' · ')}</span>
      {digests.length > 0 && (
        <details class="cell__more">
          <summary>{t('audit.digests', { count: digests.length })}</summary>
          {digests.map((line) => (
            <code key={line}>{line} </code>
          ))}
        </details>
      )}
    </>
  );
}
