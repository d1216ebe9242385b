import type { StoredBank } from '../../store/banks.js';
import type { Layout } from './report.js';
import { createStyle } from './style.js';
import { renderTable } from './table.js';
import { printable } from './terminal-text.js';

/** Banks for `framewarden bank list`, a line each. */
export function renderBanks(banks: readonly StoredBank[], { colour, width }: Layout): string {
  if (banks.length === 0) return 'There are no banks yet: framewarden bank create makes one.';
  const style = createStyle(colour);
  const rows = banks.map(({ name, kind, scene, atMost, project, version, digest, entries, importedAt }) => [
    printable(name),
    kind,
    scene,
    atMost,
    project === null ? '(all)' : printable(project),
    digest === null ? '' : String(version),
    String(entries),
    importedAt === null ? '' : `${importedAt.slice(0, 16).replace('T', ' ')} UTC`,
  ]);
  const columns = [
    { title: 'Bank', paint: style.bold },
    { title: 'Kind' },
    { title: 'Scene' },
    { title: 'At most' },
    { title: 'Project', shrinksTo: 8 },
    { title: 'Version', align: 'right' },
    { title: 'Entries', align: 'right' },
    { title: 'Imported' },
  ] as const;
  return renderTable(columns, rows, { width, style });
}
