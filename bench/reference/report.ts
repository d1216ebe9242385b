/** Writes one line of a benchmark's report. */
export function line(text = ''): void {
  process.stdout.write(`${text}\n`);
}

/** Writes rows as columns, numbers to the right; the first row is the heading. */
export function table(rows: readonly (readonly (string | number)[])[]): void {
  const text = rows.map((row) => row.map(String));
  const widths = (text[0] ?? []).map((_, column) => Math.max(...text.map((row) => row[column]?.length ?? 0)));
  for (const [index, row] of text.entries()) {
    const cells = row.map((cell, column) => {
      const right = typeof (rows[index === 0 ? 1 : index] ?? [])[column] === 'number' || /^[\d.]+( |$)/.test(cell);
      return right ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0);
    });
    line(`  ${cells.join('  ')}`.trimEnd());
  }
}

/** Smallest of the values that a share, 0–1, of them does not exceed; 0 of none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
}

/** Median, 99th percentile and maximum, to four decimals. */
export function spread(values: readonly number[]): [string, string, string] {
  return [0.5, 0.99, 1].map((share) => percentile(values, share).toFixed(4)) as [string, string, string];
}
