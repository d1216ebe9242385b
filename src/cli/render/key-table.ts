import type { ListedAccessKey } from '../../store/access-keys.js';
import type { Layout } from './report.js';
import { createStyle } from './style.js';
import { renderTable } from './table.js';
import { printable } from './terminal-text.js';

/** Access keys for `framewarden key list`, a line each. */
export function renderKeys(keys: readonly ListedAccessKey[], { colour, width }: Layout): string {
  if (keys.length === 0) return 'There are no access keys yet: framewarden key create makes one.';
  const style = createStyle(colour);
  const rows = keys.map(({ accessKeyId, accountId, userName, status, createdAt, temporary }) => [
    printable(accessKeyId),
    status,
    `${createdAt.slice(0, 16).replace('T', ' ')} UTC`,
    temporary ? 'token' : '',
    printable(accountId),
    userName === null ? '(owner)' : printable(userName),
  ]);
  const columns = [
    { title: 'Access key', paint: style.bold },
    { title: 'Status' },
    { title: 'Created' },
    { title: 'STS' },
    { title: 'Account' },
    { title: 'User', shrinksTo: 12 },
  ] as const;
  return renderTable(columns, rows, { width, style });
}
