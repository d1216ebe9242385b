import type { QueueEntry } from '../../store/review-queue.js';
import { sourceName } from '../source-name.js';
import { age, score } from './quantities.js';
import type { Layout } from './report.js';
import { shortTaskId } from './short-task-id.js';
import { createStyle } from './style.js';
import { renderTable } from './table.js';
import { printable } from './terminal-text.js';

/** What waits for a person, for `framewarden review list`, a line each. `now` in milliseconds since 1970. */
export function renderReviews(entries: readonly QueueEntry[], now: number, { colour, width }: Layout): string {
  if (entries.length === 0) return 'Nothing waits for a review.';
  const style = createStyle(colour);
  const rows = entries.map((entry) => [
    shortTaskId(entry.taskId),
    entry.kind,
    age(entry.openedAt, now),
    entry.dueAt === null ? '' : due(entry.dueAt, now),
    entry.scenes.join(', ') || (entry.kind === 'appeal' ? '' : 'coverage'),
    entry.severity === 0 ? '' : score(entry.severity / 100),
    holder(entry),
    printable(sourceName(entry.uri)),
  ]);
  const columns = [
    { title: 'Task', paint: style.bold },
    { title: 'Kind' },
    { title: 'Waiting', align: 'right' },
    { title: 'Due in', align: 'right' },
    { title: 'For', paint: style.yellow },
    { title: 'Peak', align: 'right' },
    { title: 'Held by', shrinksTo: 10 },
    { title: 'Video', shrinksTo: 12 },
  ] as const;
  return renderTable(columns, rows, { width, style });
}

function due(instant: string, now: number): string {
  return Date.parse(instant) <= now ? 'now' : age(new Date(now).toISOString(), Date.parse(instant));
}

/** Who holds it, or who alone may take it. */
function holder({ claim, level }: QueueEntry): string {
  if (claim !== null) return printable(claim.reviewer);
  return level === 'lead' ? '(leads only)' : '';
}
