import { PostgresAdapter, type RawBuilder, sql } from 'kysely';
import type { TaskStatus } from '../../schema/result.js';
import type { TaskType } from '../../schema/task.js';
import type { TaskCursor, TaskQuery } from '../records.js';
import type { Db } from './tables.js';

/** Column that entries are walked along. */
export type Key = 'task_id' | 'started_ms' | 'ended_ms';

/** Milliseconds since 1970: `from` is in the range, `to` is not. */
export interface Bounds {
  from?: number;
  to?: number;
}

/** Entries of an index that a list is made from: those of a project, or those of a tag in it. */
export interface Source {
  table: 'tasks' | 'task_tags';
  column: 'project' | 'tag';
  value: string;
}

/** A query of tasks in the terms of the tables. */
export interface Search {
  source: Source;
  /** Tags beside the source's, see {@link tagDigest}. */
  otherTags: string[];
  types: readonly TaskType[];
  ranges: Partial<Record<Key, Bounds>>;
  order: TaskQuery['order'];
  /**
   * A range of few entries, all of which are read and sorted; `null`: entries are read in the order wanted.
   * Entries that the database has to pass over are so never more than a bounded number.
   */
  few: { key: Key; atMost: number } | null;
}

/** A run of entries in one order: of these states, along this column. */
export interface Run {
  statuses: readonly TaskStatus[];
  key: Key;
}

/** A task as the index knows it. */
interface Entry {
  task_id: string;
  started_ms: number;
  ended_ms: number | null;
}

const ofSource = ({ table, column, value }: Source) =>
  sql`${sql.table(table)} as entry where ${sql.ref(column)} = ${value}`;

/** One range of an index each; engines merge them in order, which they do not do for `in (…)`. */
function branches(db: Db, search: Search, { statuses }: Run): RawBuilder<unknown>[] {
  const { source, types, few } = search;
  if (few !== null) {
    const range = walk(db, { ...search, few: null }, { statuses, key: few.key }, { whole: true, limit: few.atMost });
    return [sql`from (${range}) as entry where true`];
  }
  const of = ofSource(source);
  return types.flatMap((type) =>
    statuses.map((status) => sql`from ${of} and task_type = ${type} and status = ${status}`),
  );
}

const all = (conditions: RawBuilder<unknown>[]) => sql.join([sql`true`, ...conditions], sql` and `);

function boundsOf(column: RawBuilder<unknown>, { from, to }: Bounds = {}): RawBuilder<unknown>[] {
  return [
    ...(from === undefined ? [] : [sql`${column} >= ${from}`]),
    ...(to === undefined ? [] : [sql`${column} < ${to}`]),
  ];
}

/** What is walked: the range of its own column, from after one place up to and with another. */
function stretch({ ranges, order }: Search, key: Key, after: TaskCursor | null, last: TaskCursor | null) {
  const beyond = sql.raw(order === 'asc' ? '>' : '<');
  const within = sql.raw(order === 'asc' ? '<=' : '>=');
  if (key === 'task_id') {
    return [
      ...(after === null ? [] : [sql`task_id ${beyond} ${after.taskId}`]),
      ...(last === null ? [] : [sql`task_id ${within} ${last.taskId}`]),
    ];
  }
  const column = sql.ref(key);
  const { from, to } = ranges[key] ?? {};
  const [near, far] = order === 'asc' ? [{ from }, { to }] : [{ to }, { from }];
  // Of two conditions on one side an engine takes either, and so might begin far from the place: only the narrower one is given.
  const isInside = after !== null && isWithin(after.value ?? 0, near);
  return [
    ...(isInside
      ? [sql`(${column}, task_id) ${beyond} (${after.value}, ${after.taskId})`]
      : boundsOf(column, definedOnly(near))),
    ...(last === null
      ? boundsOf(column, definedOnly(far))
      : [sql`(${column}, task_id) ${within} (${last.value}, ${last.taskId})`]),
  ];
}

type Side = { from: number | undefined } | { to: number | undefined };

const isWithin = (ms: number, side: Side): boolean =>
  'from' in side ? side.from === undefined || ms >= side.from : side.to === undefined || ms < side.to;

const definedOnly = (side: Side): Bounds =>
  Object.fromEntries(Object.entries(side).filter(([, value]) => value !== undefined));

/** What the range walked says nothing about: every entry is asked. */
function rest({ ranges, otherTags }: Search, key: Key): RawBuilder<unknown>[] {
  const others = (['started_ms', 'ended_ms'] as const).filter((column) => column !== key);
  return [
    // The sign keeps engines from walking along this column instead.
    ...others.flatMap((column) => boundsOf(sql`+${sql.ref(column)}`, ranges[column])),
    // A scalar, because Postgres would join what `exists` asks, and read all entries of the tag for it.
    ...otherTags.map(
      (tag) => sql`(select 1 from task_tags as other where other.task_id = entry.task_id and other.tag = ${tag}) = 1`,
    ),
  ];
}

/** Whether every entry of the range walked is wanted. */
export const isExact = (search: Search, { key }: Run): boolean => rest(search, key).length === 0;

/** What is read of a run, in order: from after one place up to and with another; `whole`: also entries that are not wanted. */
interface Part {
  after?: TaskCursor | null;
  last?: TaskCursor | null;
  whole?: boolean;
  limit: number;
}

function walk(db: Db, search: Search, run: Run, { after = null, last = null, whole = false, limit }: Part) {
  const { key } = run;
  const conditions = [...stretch(search, key, after, last), ...(whole ? [] : rest(search, key))];
  const columns = key === 'task_id' ? [key] : [key, 'task_id'];
  const order = sql.join(columns.map((column) => sql`${sql.ref(column)} ${sql.raw(search.order)}`));
  const selects = branches(db, search, run).map(
    (from) => sql`select task_id, started_ms, ended_ms ${from} and ${all(conditions)}`,
  );
  // Postgres would read every branch whole and sort; SQLite merges of itself, and takes no order within a branch.
  const isSorted = selects.length > 1 && db.getExecutor().adapter instanceof PostgresAdapter;
  const sorted = isSorted ? selects.map((select) => sql`(${select} order by ${order} limit ${limit})`) : selects;
  return sql<Entry>`${sql.join(sorted, sql` union all `)} order by ${order} limit ${limit}`;
}

const cursorOf = (entry: Entry, key: Key): TaskCursor => ({
  taskId: entry.task_id,
  value: key === 'task_id' ? null : entry[key],
});

/** The next tasks that are wanted, at most so many, up to and with the `last` place. */
export async function nextEntries(
  db: Db,
  search: Search,
  run: Run,
  places: { after: TaskCursor | null; last: TaskCursor | null },
  limit: number,
): Promise<TaskCursor[]> {
  const { rows } = await walk(db, search, run, { ...places, limit }).execute(db);
  return rows.map((entry) => cursorOf(entry, run.key));
}

/** The place so many entries further, wanted or not; `null` when there are not as many. */
export async function placeAhead(
  db: Db,
  search: Search,
  run: Run,
  after: TaskCursor | null,
  entries: number,
): Promise<TaskCursor | null> {
  const ahead = walk(db, search, run, { after, whole: true, limit: entries });
  const { rows } = await sql<Entry>`${ahead} offset ${entries - 1}`.execute(db);
  return rows[0] === undefined ? null : cursorOf(rows[0], run.key);
}

/** How many entries each source has, counted up to `atMost`. */
export async function sizesOfSources(db: Db, sources: readonly Source[], atMost: number): Promise<number[]> {
  // In the order of an index, so that no engine looks for them elsewhere.
  const entries = sources.map(
    (source) => sql`select task_id from ${ofSource(source)} order by task_type, status, task_id limit ${atMost}`,
  );
  return await counted(db, entries);
}

/** How many entries each of these ranges of a search has, counted up to `atMost`. */
export async function sizesOfRanges(db: Db, search: Search, runs: readonly Run[], atMost: number): Promise<number[]> {
  return await counted(
    db,
    runs.map((run) => walk(db, search, run, { whole: true, limit: atMost })),
  );
}

async function counted(db: Db, selects: RawBuilder<unknown>[]): Promise<number[]> {
  const counts = selects.map(
    (select, nth) => sql`select ${sql.lit(nth)} as nth, count(*) as size from (${select}) as entries`,
  );
  const { rows } = await sql<{ nth: number; size: number }>`${sql.join(counts, sql` union all `)}`.execute(db);
  const sizes = new Map(rows.map(({ nth, size }) => [nth, size]));
  return selects.map((_, nth) => sizes.get(nth) ?? 0);
}
