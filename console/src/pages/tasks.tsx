import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { TasksView } from '../../../src/schema/console/task.js';
import { SCENES } from '../../../src/schema/scene.js';
import { useConsole } from '../console.js';
import { formatRoute } from '../route.js';
import { sourceName } from '../source-name.js';
import { FilterText } from '../ui/filter-text.js';
import { Icon } from '../ui/icon.js';
import { PageHead } from '../ui/page.js';
import { Empty, Loading, Problem } from '../ui/states.js';
import { Instant } from '../ui/time.js';
import { Scenes, Word } from '../ui/words.js';
import { useLoad } from '../use-load.js';

type Row = TasksView['rows'][number];
/** The field that finds tasks; in the address, `at` says that focus is to go there. */
export const TASK_SEARCH = 'task-search';

const STATUSES = ['', 'Running', 'Succeeded', 'Failed'] as const;

/** All tasks of one's projects, newest first; found by the beginning of their id. */
export function TasksPage(): JSX.Element {
  const { api, t, route, go, session, toast, explain } = useConsole();
  const { project = '', status = '', search = '', at } = route.query;
  const [older, setOlder] = useState<{ key: string; rows: Row[]; next: string | null } | null>(null);
  const filter = { project, status, search };
  const key = JSON.stringify(filter);
  const first = useLoad(key, (signal) => api.ask<TasksView>('GET', '/tasks', { query: filter, signal }));
  useEffect(() => {
    setOlder(null);
  }, [key, first.data]);
  const more = older?.key === key ? older : null;
  const rows = [...(first.data?.rows ?? []), ...(more?.rows ?? [])];
  const next = more === null ? (first.data?.next ?? null) : more.next;
  const change = (name: string, value: string) => {
    go('tasks', '', { ...filter, [name]: value }, true);
  };
  async function loadMore(after: string): Promise<void> {
    try {
      const page = await api.ask<TasksView>('GET', '/tasks', { query: { ...filter, after } });
      setOlder({ key, rows: [...(more?.rows ?? []), ...page.rows], next: page.next });
    } catch (error) {
      toast('warning', explain(error));
    }
  }
  return (
    <>
      <PageHead title={t('tasks.title')} />
      <div class="filters" role="search" aria-label={t('tasks.search')}>
        <FilterText
          class="search"
          label={t('tasks.search')}
          placeholder={t('tasks.searchExample')}
          icon={<Icon name="search" />}
          id={TASK_SEARCH}
          takesFocus={at === TASK_SEARCH}
          value={search}
          isLive
          onFilter={(value) => {
            change('search', value);
          }}
        />
        <label class="choice">
          <span class="visually-hidden">{t('tasks.status')}</span>
          <select
            value={status}
            onChange={(event) => {
              change('status', event.currentTarget.value);
            }}
          >
            {STATUSES.map((each) => (
              <option key={each} value={each}>
                {each === '' ? t('tasks.anyStatus') : t(`status.${each}`)}
              </option>
            ))}
          </select>
        </label>
        {session.projects.length > 1 && (
          <label class="choice">
            <span class="visually-hidden">{t('queue.project')}</span>
            <select
              value={project}
              onChange={(event) => {
                change('project', event.currentTarget.value);
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
      </div>
      {first.error !== null && <Problem error={first.error} retry={first.reload} />}
      {first.data === null ? (
        first.error === null && <Loading rows={10} />
      ) : rows.length === 0 ? (
        <Empty icon="search" title={t('tasks.none')} />
      ) : (
        <div class="panel panel--table">
          <table class="table table--tasks">
            <thead>
              <tr>
                <th>{t('queue.task')}</th>
                <th>{t('tasks.status')}</th>
                <th>{t('tasks.verdict')}</th>
                <th>{t('tasks.categories')}</th>
                <th>{t('tasks.revision')}</th>
                <th>{t('tasks.started')}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <TaskRow key={row.taskId} row={row} />
              ))}
            </tbody>
          </table>
          {next !== null && (
            <p class="table__more">
              <button type="button" class="button button--quiet" onClick={() => void loadMore(next)}>
                {t('common.more')}
              </button>
            </p>
          )}
        </div>
      )}
    </>
  );
}

function TaskRow({ row }: { row: Row }): JSX.Element {
  const { t, go } = useConsole();
  const scenes = SCENES.filter((scene) => row.categories.includes(scene));
  return (
    <tr
      onClick={(event) => {
        if (event.target instanceof Element && event.target.closest('a') === null) go('task', row.taskId);
      }}
    >
      <td class="cell--task">
        <a href={formatRoute('task', row.taskId)}>
          <Icon name={row.taskType === 'ImageModeration' ? 'still' : 'video'} />
          <span class="cell__name">{sourceName(row.uri)}</span>
        </a>
        <span class="cell__more">
          {row.project} · <code>{row.taskId}</code>
        </span>
      </td>
      <td>
        <span class={`status status--${row.status}`}>{t(`status.${row.status}`)}</span>
        {row.code !== '' && <span class="cell__more">{row.code}</span>}
      </td>
      <td>{row.suggestion === null ? <span class="dim">–</span> : <Word word={row.suggestion} />}</td>
      <td>{scenes.length === 0 ? <span class="dim">–</span> : <Scenes scenes={scenes} />}</td>
      <td>
        {row.revision === null || row.origin === null ? (
          <span class="dim">–</span>
        ) : (
          <>
            <span class="number">{row.revision}</span> <span class="dim">{t(`origin.${row.origin}`)}</span>
          </>
        )}
      </td>
      <td>
        <Instant iso={row.startTime} />
      </td>
    </tr>
  );
}
