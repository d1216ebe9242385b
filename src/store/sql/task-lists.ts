import { TASK_STATUSES } from '../../schema/result.js';
import { TASK_TYPES } from '../../schema/task.js';
import {
  InvalidTaskQueryError,
  MAX_PAGE,
  type TaskCursor,
  type TaskQuery,
  type TaskSort,
  type TimeRange,
  type RecordStore,
  type TaskRecord,
} from '../records.js';
import { batches } from './batches.js';
import type { Db } from './tables.js';
import { tagDigest } from './tags.js';
import {
  type Bounds,
  isExact,
  type Key,
  nextEntries,
  placeAhead,
  type Run,
  type Search,
  sizesOfRanges,
  sizesOfSources,
  type Source,
} from './task-entries.js';
import { TASK_COLUMNS, toRecord } from './tasks.js';
import { millisecondsOf } from './transaction.js';

/** What bounds the work for one page. */
export interface ListLimits {
  /** Entries looked at in one go; 2,000 take 1 to 3 ms, and 2 to 8 ms more for every further tag. */
  examined: number;
  /** Ranges of at most as many entries are read as a whole and sorted, which takes as long. */
  few: number;
  /** Milliseconds after which a page that is not full is answered as it is. */
  budgetMs: number;
}

/** Among 100,000 tasks, in a range of 2 % or less all are read; of more than that, 5,000 entries are on average enough to fill a page of 100. */
const LIMITS: ListLimits = { examined: 2000, few: 2000, budgetMs: 20 };

const KEYS: Record<TaskSort, Key> = { TaskId: 'task_id', StartTime: 'started_ms', EndTime: 'ended_ms' };

/** The part of the record store that lists tasks. */
export function taskLists(
  db: Db,
  limits: ListLimits = LIMITS,
): Pick<RecordStore, 'queryTasks' | 'countOpen' | 'countByStatus' | 'openTaskIds' | 'unrecordedTasks'> {
  return {
    async queryTasks(query) {
      check(query);
      const until = performance.now() + limits.budgetMs;
      const runs = runsOf(query);
      const search = await searchOf(
        db,
        query,
        runs.map(({ run }) => run),
        limits,
      );
      const found: TaskCursor[] = [];
      for (const { run, after } of runs) {
        const isBounded = search.few === null && !isExact(search, run);
        for (let place = after; ;) {
          const last = isBounded ? await placeAhead(db, search, run, place, limits.examined) : null;
          const wanted = query.limit - found.length;
          const entries = await nextEntries(db, search, run, { after: place, last }, wanted + 1);
          found.push(...entries.slice(0, wanted));
          if (entries.length > wanted) return { tasks: await recordsOf(db, found), next: found.at(-1) ?? null };
          if (last === null) break;
          if (performance.now() >= until) return { tasks: await recordsOf(db, found), next: last };
          place = last;
        }
      }
      return { tasks: await recordsOf(db, found), next: null };
    },

    async countByStatus() {
      const rows = await db
        .selectFrom('tasks')
        .select(['status', ({ fn }) => fn.countAll<number>().as('count')])
        .groupBy('status')
        .execute();
      return new Map(rows.map(({ status, count }) => [status, count]));
    },

    async countOpen(project) {
      const { count } = await db
        .selectFrom('tasks')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .where('project', '=', project)
        .where('task_type', 'in', TASK_TYPES)
        .where('status', '=', 'Running')
        .executeTakeFirstOrThrow();
      return count;
    },

    async unrecordedTasks(taskIds) {
      const recorded = new Set<string>();
      for (const batch of batches(taskIds)) {
        const rows = await db.selectFrom('tasks').select('task_id').where('task_id', 'in', batch).execute();
        for (const { task_id } of rows) recorded.add(task_id);
      }
      return taskIds.filter((taskId) => !recorded.has(taskId));
    },

    async openTaskIds(project) {
      let query = db.selectFrom('tasks').select('task_id').where('status', '=', 'Running');
      if (project !== undefined) query = query.where('project', '=', project).where('task_type', 'in', TASK_TYPES);
      const rows = await query.orderBy('task_id').execute();
      return rows.map(({ task_id }) => task_id);
    },
  };
}

function check({ limit, sort, after }: TaskQuery): void {
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_PAGE) {
    throw new InvalidTaskQueryError('limit', `a whole number from 1 to ${MAX_PAGE}`, limit);
  }
  if (after === undefined) return;
  const { value } = after;
  const isTime = value === null ? sort !== 'StartTime' : sort !== 'TaskId' && Number.isSafeInteger(value);
  if (!isTime) throw new InvalidTaskQueryError('after', `the end of a page sorted by ${sort}`, after);
}

/** The order of a query as runs along one column each, from where the query goes on. */
function runsOf({ status, endTime, sort, after: given }: TaskQuery): { run: Run; after: TaskCursor | null }[] {
  const after = given ?? null;
  const asked = status === undefined ? TASK_STATUSES : [status];
  const ended = asked.filter((each) => each !== 'Running');
  const statuses = endTime === undefined ? asked : ended;
  const runs: { run: Run; after: TaskCursor | null }[] = [];
  if (sort !== 'EndTime') runs.push({ run: { statuses, key: KEYS[sort] }, after });
  else {
    const isPastEnded = after !== null && after.value === null;
    if (!isPastEnded) runs.push({ run: { statuses: ended, key: 'ended_ms' }, after });
    if (statuses.includes('Running')) {
      runs.push({ run: { statuses: ['Running'], key: 'task_id' }, after: isPastEnded ? after : null });
    }
  }
  return runs.filter(({ run }) => run.statuses.length > 0);
}

/** The query in the terms of the tables, begun where there is the least to pass over. */
async function searchOf(db: Db, query: TaskQuery, runs: readonly Run[], { few }: ListLimits): Promise<Search> {
  const { project, taskTypes = [], startTime, endTime, tags = [], sort, order } = query;
  const digests = [...new Set(tags.map(([name, value]) => tagDigest(project, name, value)))];
  const sources = digests.map((value): Source => ({ table: 'task_tags', column: 'tag', value }));
  const sizes = sources.length > 1 ? await sizesOfSources(db, sources, few) : [];
  const source = sources[sizes.indexOf(Math.min(...sizes))] ?? sources[0];
  const search: Search = {
    source: source ?? { table: 'tasks', column: 'project', value: project },
    otherTags: digests.filter((digest) => digest !== source?.value),
    types: taskTypes.length === 0 ? TASK_TYPES : [...new Set(taskTypes)],
    ranges: { started_ms: boundsOf(startTime), ended_ms: boundsOf(endTime) },
    order,
    few: null,
  };
  const given: Key[] = [
    ...(startTime === undefined ? [] : ['started_ms' as const]),
    ...(endTime === undefined ? [] : ['ended_ms' as const]),
  ];
  const keys = given.filter((key) => key !== KEYS[sort]);
  if (keys.length === 0) return search;
  const statuses = runs.flatMap((run) => run.statuses);
  if (statuses.length === 0) return search;
  const ranges = await sizesOfRanges(
    db,
    search,
    keys.map((key) => ({ statuses, key })),
    few + 1,
  );
  const smallest = Math.min(...ranges);
  const key = keys[ranges.indexOf(smallest)];
  // Twice as many, for those that come in between.
  return key === undefined || smallest > few ? search : { ...search, few: { key, atMost: 2 * few } };
}

function boundsOf({ from, to }: TimeRange = {}): Bounds {
  return {
    ...(from === undefined ? {} : { from: millisecondsOf(from) }),
    ...(to === undefined ? {} : { to: millisecondsOf(to) }),
  };
}

/** The tasks at these places, in their order, less those purged since. */
async function recordsOf(db: Db, places: readonly TaskCursor[]): Promise<TaskRecord[]> {
  if (places.length === 0) return [];
  const ids = places.map(({ taskId }) => taskId);
  const rows = await db
    .selectFrom('tasks')
    .select(['task_id', ...TASK_COLUMNS])
    .where('task_id', 'in', ids)
    .execute();
  const records = new Map(rows.map((row) => [row.task_id, toRecord(row)]));
  return ids.flatMap((id) => records.get(id) ?? []);
}
