import type { Style } from './style.js';
import { fit, widthOf, wrap } from './terminal-text.js';

/** One column of a table. */
export interface Column {
  title: string;
  /** Default left. */
  align?: 'left' | 'right';
  /** Least cells to which it is shortened where the table is too wide; absent: never shortened, as fits ids. */
  shrinksTo?: number;
  /** Goes on in further lines, broken at spaces, where it would be shortened. */
  wraps?: boolean;
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
        const fill = ' '.repeat(cellWidth - widthOf(text));
        const painted = paint(text, column);
        if (column.align === 'right') return fill + painted;
        return index === columns.length - 1 ? painted : painted + fill;
      })
      .join(GAP)
      .trimEnd();
  const linesOf = (row: readonly string[]): string[][] => {
    const cells = columns.map(({ wraps }, index) => {
      const cell = row[index] ?? '';
      return wraps === true ? wrap(cell, widths[index] ?? 0) : [cell];
    });
    const height = Math.max(...cells.map(({ length }) => length));
    return Array.from({ length: height }, (_, index) => cells.map((cell) => cell[index] ?? ''));
  };
  const titles = columns.map(({ title }) => title);
  return [
    line(titles, style.dim),
    ...rows.flatMap((row, index) =>
      linesOf(row).map((cells) => line(cells, (cell, { paint }) => paint?.(cell, index) ?? cell)),
    ),
  ].join('\n');
}
