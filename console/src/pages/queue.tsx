import type { JSX } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { useConsole } from '../console.js';
import { BulkBar } from '../queue/bulk-bar.js';
import { FilterBar } from '../queue/filter-bar.js';
import { filtersOf, listFilterOf } from '../queue/filter.js';
import { loadRows } from '../queue/load-rows.js';
import { isOpen, QueueTable } from '../queue/table.js';
import { useRowFocus } from '../queue/use-row-focus.js';
import { Empty, Loading, Problem } from '../ui/states.js';
import { PageHead } from '../ui/page.js';
import { Since } from '../ui/time.js';
import { Key } from '../ui/words.js';
import { useKeys } from '../use-keys.js';
import { useLoad } from '../use-load.js';

const STEP = 50;
/** Many changes arrive together: they are read as one. */
const SETTLE_MS = 400;

/** What waits for a person. */
export function QueuePage(): JSX.Element {
  const { api, t, route, takeNext, onQueue, counts: pushed, session, format } = useConsole();
  const { query } = route;
  const filter = listFilterOf(query);
  const [limit, setLimit] = useState(STEP);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const queue = useLoad(JSON.stringify([filter, limit]), (signal) => loadRows(api, filter, limit, signal));
  const rows = queue.data?.rows ?? [];
  const counts = pushed ?? queue.data?.counts ?? null;
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const end = onQueue(() => {
      clearTimeout(timer);
      timer = setTimeout(queue.reload, SETTLE_MS);
    });
    return () => {
      clearTimeout(timer);
      end();
    };
  }, [queue.reload]);
  // Who is gone from the list, or was taken by somebody else meanwhile, is not decided along with the others.
  const chosenRows = useMemo(() => rows.filter((row) => chosen.has(row.taskId) && isOpen(row)), [rows, chosen]);
  const choose = (taskIds: string[], isOn: boolean) => {
    setChosen((before) => {
      const after = new Set(before);
      for (const taskId of taskIds) {
        if (isOn) after.add(taskId);
        else after.delete(taskId);
      }
      return after;
    });
  };
  const { move, focused, awaitMore } = useRowFocus(rows.map(({ taskId }) => taskId));
  const hasMore = queue.data?.hasMore ?? false;
  const showMore = () => {
    awaitMore();
    setLimit(limit + Math.max(STEP, Math.round(limit / 2)));
  };
  useKeys('queue', {
    down: () => {
      if (!move(1) && hasMore) showMore();
    },
    up: () => {
      move(-1);
    },
    select: () => {
      const row = rows.find(({ taskId }) => taskId === focused());
      if (row !== undefined && isOpen(row)) choose([row.taskId], !chosen.has(row.taskId));
    },
  });
  const { budgetSeconds, seconds } = session.exposure;
  const isSpent = budgetSeconds !== null && seconds >= budgetSeconds;
  return (
    <>
      <PageHead title={t('queue.title')}>
        <p class="page-head__facts" aria-live="polite">
          {counts !== null && (
            <>
              <span>{t('queue.countWaiting', { count: counts.waiting })}</span>
              <span>{t('queue.countClaimed', { count: counts.claimed })}</span>
              {counts.escalated > 0 && <span>{t('queue.countEscalated', { count: counts.escalated })}</span>}
            </>
          )}
        </p>
        {counts !== null && counts.oldestOpenedAt !== null && (
          <p class="page-head__facts">
            <span>
              {t('queue.oldest')} <Since iso={counts.oldestOpenedAt} />
            </span>
          </p>
        )}
        <button
          type="button"
          class="button button--primary page-head__action"
          disabled={isSpent}
          onClick={() => void takeNext()}
        >
          {t('queue.takeNext')} <Key>N</Key>
        </button>
      </PageHead>
      {isSpent && (
        <p class="notice notice--warning">{t('exposure.spent', { budget: format.duration(budgetSeconds) })}</p>
      )}
      <FilterBar query={query} />
      {queue.error !== null && <Problem error={queue.error} retry={queue.reload} />}
      {queue.data === null ? (
        queue.error === null && <Loading rows={10} />
      ) : rows.length === 0 ? (
        <Empty icon="check" title={filtersOf(query).length > 0 ? t('queue.emptyFiltered') : t('queue.empty')}>
          <p class="dim">{t('queue.emptyMore')}</p>
        </Empty>
      ) : (
        <div class="panel panel--table">
          <QueueTable rows={rows} query={query} chosen={chosen} onChoose={choose} />
          <p class="table__more">
            <span class="dim" role="status">
              {t('queue.shown', { count: rows.length })}
            </span>
            {hasMore && (
              <button type="button" class="button button--quiet" aria-busy={queue.isLoading} onClick={showMore}>
                {t('common.more')}
              </button>
            )}
          </p>
        </div>
      )}
      {chosenRows.length > 0 && (
        <BulkBar
          rows={chosenRows}
          onDone={() => {
            setChosen(new Set());
            queue.reload();
          }}
          onClear={() => {
            setChosen(new Set());
          }}
        />
      )}
    </>
  );
}
