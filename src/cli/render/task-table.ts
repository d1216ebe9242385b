import { sourceName } from '../source-name.js';
import type { TaskRecord } from '../../store/records.js';
import type { Revision } from '../../schema/verdict.js';
import type { Outcome } from '../exit-codes.js';
import { duration, score } from './quantities.js';
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

/** Tasks that wait for a person, for `framewarden review list`. `now` in milliseconds since 1970. */
export function renderReviews(tasks: readonly ListedTask[], now: number, { colour, width }: Layout): string {
  if (tasks.length === 0) return 'Nothing waits for a review.';
  const style = createStyle(colour);
  const rows = tasks.map(({ task, revision }) => {
    const frames = revision?.verdict.blockFrames ?? [];
    const peak = frames.reduce((highest, { rate }) => Math.max(highest, rate), 0);
    return [
      shortTaskId(task.request.taskId),
      age(revision?.recordedAt ?? task.startTime, now),
      revision?.verdict.categories.join(', ') || 'coverage',
      String(frames.length),
      frames.length === 0 ? '' : score(peak / 100),
      videoName(task),
    ];
  });
  const columns = [
    { title: 'Task', paint: style.bold },
    { title: 'Waiting', align: 'right' },
    { title: 'For', paint: style.yellow },
    { title: 'Frames', align: 'right' },
    { title: 'Peak', align: 'right' },
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

/** Since when, in one unit: `4 min`. */
function age(instant: string, now: number): string {
  return duration(Math.max(0, now - Date.parse(instant)) / 1000).replace(/^(\d+ (?:min|h|d)) .*/, '$1');
}

function videoName({ request }: TaskRecord): string {
  return printable(sourceName(request.source.uri));
}
