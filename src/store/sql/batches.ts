/** Values given to one statement: SQLite admits 32,766 parameters, Postgres 65,535. */
const BATCH = 10_000;

/** So many of the values at a time, in their order. */
export function* batches(values: readonly string[], size = BATCH): Generator<string[]> {
  for (let start = 0; start < values.length; start += size) yield values.slice(start, start + size);
}
