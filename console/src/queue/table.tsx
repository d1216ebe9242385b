import type { JSX } from 'preact';
import type { QueueRow } from '../../../src/schema/console/queue.js';
import { useConsole } from '../console.js';
import type { MessageKey } from '../messages.js';
import { formatRoute } from '../route.js';
import { sourceName } from '../source-name.js';
import { Icon } from '../ui/icon.js';
import { Since, Until } from '../ui/time.js';
import { Scenes, Severity } from '../ui/words.js';
import { orderOf, type Order, type QueueQuery } from './filter.js';

/** The queue as a table; every row leads to its task, and those that may be taken can be chosen. */
export function QueueTable(props: {
  rows: QueueRow[];
  query: QueueQuery;
  chosen: ReadonlySet<string>;
  onChoose: (taskIds: string[], isOn: boolean) => void;
}): JSX.Element {
  const { t } = useConsole();
  const { rows, query, chosen, onChoose } = props;
  const open = rows.filter(isOpen).map(({ taskId }) => taskId);
  return (
    <table class="table table--queue">
      <thead>
        <tr>
          <th class="cell--check">
            <input
              type="checkbox"
              aria-label={t('queue.chooseAll')}
              checked={open.length > 0 && open.every((taskId) => chosen.has(taskId))}
              disabled={open.length === 0}
              onChange={(event) => {
                onChoose(open, event.currentTarget.checked);
              }}
            />
          </th>
          <Sorted order="severity" label="queue.severity" query={query} />
          <th>{t('queue.task')}</th>
          <th>{t('queue.scene')}</th>
          <Sorted order="age" label="queue.waiting" query={query} />
          <Sorted order="deadline" label="queue.deadline" query={query} />
          <th>{t('queue.state')}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Row key={row.taskId} row={row} isChosen={chosen.has(row.taskId)} onChoose={onChoose} />
        ))}
      </tbody>
    </table>
  );
}

/** Whether it can be decided together with others. */
export const isOpen = (row: QueueRow): boolean => row.mayTake && row.step === 'waiting';

function Sorted({ order, label, query }: { order: Order; label: MessageKey; query: QueueQuery }): JSX.Element {
  const { t, go } = useConsole();
  const isCurrent = orderOf(query) === order;
  return (
    <th aria-sort={isCurrent ? (order === 'severity' ? 'descending' : 'ascending') : undefined}>
      <button
        type="button"
        class="table__sort"
        aria-pressed={isCurrent}
        onClick={() => {
          go('queue', '', { ...query, order }, true);
        }}
      >
        {t(label)}
        <Icon name="up" />
      </button>
    </th>
  );
}

function Row(props: {
  row: QueueRow;
  isChosen: boolean;
  onChoose: (taskIds: string[], isOn: boolean) => void;
}): JSX.Element {
  const { t, go } = useConsole();
  const { row, isChosen } = props;
  const name = sourceName(row.uri);
  const tags = Object.entries(row.tags);
  return (
    <tr
      class={isChosen ? 'is-chosen' : undefined}
      onClick={(event) => {
        // All of the row is a target for the pointer; the link in it is the one for keys and readers.
        if (event.target instanceof Element && event.target.closest('a, input, button, label') === null)
          go('task', row.taskId);
      }}
    >
      <td class="cell--check">
        <input
          type="checkbox"
          aria-label={t('queue.choose', { task: name })}
          checked={isChosen}
          disabled={!isOpen(row)}
          onChange={(event) => {
            props.onChoose([row.taskId], event.currentTarget.checked);
          }}
        />
      </td>
      <td class="cell--severity">
        <Severity value={row.severity} />
      </td>
      <td class="cell--task">
        <a href={formatRoute('task', row.taskId)} data-task={row.taskId}>
          <Icon name={row.taskType === 'ImageModeration' ? 'still' : 'video'} />
          <span class="cell__name">{name}</span>
        </a>
        <span class="cell__more">
          {row.project}
          {row.kind === 'appeal' && <span class="chip chip--plain">{t('queue.appeal')}</span>}
          {tags.map(([tag, value]) => (
            <span key={tag} class="chip chip--plain">
              {tag}={value}
            </span>
          ))}
        </span>
      </td>
      <td>
        <Scenes scenes={row.scenes} />
      </td>
      <td>
        <Since iso={row.openedAt} />
      </td>
      <td>{row.dueAt === null ? <span class="dim">–</span> : <Until iso={row.dueAt} />}</td>
      <td class="cell--state">
        <State row={row} />
      </td>
    </tr>
  );
}

function State({ row }: { row: QueueRow }): JSX.Element {
  const { t, session } = useConsole();
  if (row.claim !== null) {
    const isMine = row.claim.reviewer === session.member.name;
    return (
      <span class={isMine ? 'state state--mine' : 'state state--held'}>
        <Icon name="person" />
        {isMine ? t('queue.mine') : row.claim.reviewer}
      </span>
    );
  }
  if (row.step === 'held') return <span class="state state--held">{t('queue.held')}</span>;
  if (row.level === 'lead') {
    return (
      <span class="state state--lead">
        <Icon name="up" />
        {t('queue.escalated')}
      </span>
    );
  }
  if (!row.mayTake) return <span class="state state--held">{t('queue.notYours')}</span>;
  return <span class="state">{t('queue.open')}</span>;
}
