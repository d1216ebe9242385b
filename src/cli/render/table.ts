import type { Style } from './style.js';
import { fit, pad, widthOf } from './terminal-text.js';

/** One column of a table. */
export interface Column {
  title: string;
  /** Default left. */
  align?: 'left' | 'right';
  /** Least cells to which it is shortened where the table is too wide; absent: never shortened, as fits ids. */
  shrinksTo?: number;
  /** Applied to cells once they have their width. */
  paint?: (cell: string, row: number) => string;
}

const GAP = '  ';

/** A table in at most `width` cells if its shrinking columns allow it; no line ends in spaces. */
export function renderTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  { width, style }: { width: number; style: Style },
): string {
  const widths = columns.map(({ title }, index) =>
    Math.max(widthOf(title), ...rows.map((row) => widthOf(row[index] ?? ''))),
  );
  let excess = widths.reduce((sum, cells) => sum + cells, GAP.length * (columns.length - 1)) - width;
  columns.forEach(({ shrinksTo }, index) => {
    const cells = widths[index] ?? 0;
    const spare = Math.min(Math.max(0, excess), cells - Math.min(cells, shrinksTo ?? cells));
    widths[index] = cells - spare;
    excess -= spare;
  });

  const line = (cells: readonly string[], paint: (cell: string, column: Column) => string) =>
    columns
      .map((column, index) => {
        const cellWidth = widths[index] ?? 0;
        const text = fit(cells[index] ?? '', cellWidth);
        const fill = pad(text, cellWidth, column.align).replace(text, '');
        const painted = paint(text, column);
        if (column.align === 'right') return fill + painted;
        return index === columns.length - 1 ? painted : painted + fill;
      })
      .join(GAP)
      .trimEnd();
  const head = line(
    columns.map(({ title }) => title),
    style.dim,
  );
  return [head, ...rows.map((row, index) => line(row, (cell, { paint }) => paint?.(cell, index) ?? cell))].join('\n');
}
