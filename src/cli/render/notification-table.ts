import { destinationId } from '../../schema/notification.js';
import type { ListedNotification } from '../../store/notifications.js';
import type { Layout } from './report.js';
import { shortTaskId } from './short-task-id.js';
import { createStyle } from './style.js';
import { renderTable } from './table.js';
import { printable } from './terminal-text.js';

/** Notifications for `framewarden notifications list`, a line each. */
export function renderNotifications(notifications: readonly ListedNotification[], { colour, width }: Layout): string {
  if (notifications.length === 0) return 'There are no notifications.';
  const style = createStyle(colour);
  const rows = notifications.map(({ id, state, createdAt, taskId, revision, destination, attempts, lastError }) => [
    id,
    state,
    `${createdAt.slice(0, 16).replace('T', ' ')} UTC`,
    shortTaskId(taskId),
    revision === 0 ? 'failed' : String(revision),
    printable(destinationId(destination)),
    String(attempts),
    state === 'delivered' ? '' : printable(lastError ?? ''),
  ]);
  const columns = [
    { title: 'Notification', paint: style.bold },
    { title: 'State' },
    { title: 'Made' },
    { title: 'Task' },
    { title: 'Revision', align: 'right' },
    { title: 'To', shrinksTo: 8 },
    { title: 'Tries', align: 'right' },
    { title: 'Last error', shrinksTo: 16 },
  ] as const;
  return renderTable(columns, rows, { width, style });
}
