import { sourceName } from '../source-name.js';
import type { TaskRecord } from '../../store/records.js';
import type { Revision } from '../../schema/verdict.js';
import type { Outcome } from '../exit-codes.js';
import { age } from './quantities.js';
import type { Layout } from './report.js';
import { shortTaskId } from './short-task-id.js';
import { createStyle, outcomeColour, type Style } from './style.js';
import { renderTable } from './table.js';
import { printable } from './terminal-text.js';

/** A task and its latest revision. */
export interface ListedTask {
  task: TaskRecord;
  revision: Revision | null;
}

/** Tasks for `framewarden tasks`, a line each. `now` in milliseconds since 1970. */
export function renderTasks(tasks: readonly ListedTask[], now: number, { colour, width }: Layout): string {
  if (tasks.length === 0) return 'There are no tasks yet: framewarden moderate FILE starts one.';
  const style = createStyle(colour);
  const rows = tasks.map(({ task, revision }) => [
    shortTaskId(task.request.taskId),
    stateOf(task, revision),
    age(task.startTime, now),
    noteOn(task, revision),
    videoName(task),
  ]);
  const columns = [
    { title: 'Task', paint: style.bold },
    { title: 'State', paint: (cell: string) => paintState(cell, style) },
    { title: 'Started', align: 'right' },
    { title: 'Note', shrinksTo: 12 },
    { title: 'Video', shrinksTo: 16 },
  ] as const;
  return renderTable(columns, rows, { width, style });
}

function stateOf({ status }: TaskRecord, revision: Revision | null): Outcome | 'running' {
  if (status === 'Failed') return 'failed';
  return revision?.verdict.suggestion ?? 'running';
}

function paintState(state: string, style: Style): string {
  return state === 'running' ? style.cyan(state) : outcomeColour(style, state as Outcome)(state);
}

function noteOn({ code }: TaskRecord, revision: Revision | null): string {
  if (code !== '') return printable(code);
  if (revision === null) return '';
  const { origin, reviewer, verdict } = revision;
  const by = origin === 'machine' ? '' : `by ${printable(reviewer ?? origin)}`;
  return [verdict.categories.join(', '), by].filter(Boolean).join(' ');
}

function videoName({ request }: TaskRecord): string {
  return printable(sourceName(request.source.uri));
}
