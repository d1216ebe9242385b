import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CompiledQuery, sql } from 'kysely';
import { FIRST_START_MS, fillStore } from '../../bench/list/fill-store.js';
import { type TaskQuery, TASK_SORTS } from '../../src/store/records.js';
import { useDatabase as usePostgres } from '../../src/store/postgres/shared-database.js';
import type { DatabaseUse } from '../../src/store/sql/shared-databases.js';
import type { Db } from '../../src/store/sql/tables.js';
import { taskLists } from '../../src/store/sql/task-lists.js';
import { useDatabase as useFile } from '../../src/store/sqlite/shared-database.js';
import { newPostgres } from '../support/postgres.js';
import { makeRequest } from './make-records.js';
import { type FaultsOf, type Planned, planning, postgresPlan, sqlitePlan } from './planning.js';

/** Enough that no range asked for here counts as few, and that reading everything would not pay. */
const TASKS = 12_000;
const LIMITS = { examined: 200, few: 100, budgetMs: 0 };

const at = (n: number) => new Date(FIRST_START_MS + n * 1000).toISOString();
const MIDDLE = { startTime: { from: at(3000), to: at(9000) } };
const selectors: [string, Partial<TaskQuery>][] = [
  ['everything', {}],
  ['a status', { status: 'Failed' }],
  ['a type and a status', { taskTypes: ['VideoModeration'], status: 'Succeeded' }],
  ['a tag', { tags: [['half', '1']] }],
  ['a rare tag', { tags: [['rare', '77']] }],
  ['many starts', MIDDLE],
  ['many ends', { endTime: { from: at(3000), to: at(9000) } }],
  ['few starts', { startTime: { from: at(5000), to: at(5050) } }],
  [
    'two tags',
    {
      tags: [
        ['half', '1'],
        ['tenth', '3'],
      ],
    },
  ],
  [
    'tags that exclude each other, in a time',
    {
      tags: [
        ['half', '1'],
        ['half', '0'],
      ],
      ...MIDDLE,
    },
  ],
];

describe.each<[string, () => Promise<DatabaseUse>, FaultsOf]>([
  ['SQLite', () => useFile(join(directory, 'records.db')), faultsInSqlite],
  ['Postgres', async () => usePostgres(await newPostgres()), faultsInPostgres],
])('the plans of %s', (engine, open, faultsOf) => {
  const plans: Planned[] = [];
  let use: DatabaseUse;
  let lists: ReturnType<typeof taskLists>;
  beforeAll(async () => {
    use = await open();
    await fillStore(use.db, makeRequest('base', { projectName: 'mine' }), TASKS);
    if (engine === 'Postgres') await sql`vacuum analyze tasks, task_tags`.execute(use.db);
    lists = taskLists(planning(use.db, faultsOf, plans), LIMITS);
  });
  afterAll(async () => {
    await use.close();
  });

  test.each(selectors)(
    '%s: every statement reads ranges of indexes in order, and sorts what is few at most',
    async (_, selector) => {
      for (const sort of TASK_SORTS) {
        for (const order of ['asc', 'desc'] as const) {
          const query: TaskQuery = { project: 'mine', limit: 50, sort, order, ...selector };
          const first = await lists.queryTasks(query);
          if (first.next !== null) await lists.queryTasks({ ...query, after: first.next });
        }
      }
      const planned = plans.splice(0);
      expect(planned.length).toBeGreaterThan(5);
      expect(planned.filter(({ faults }) => faults.length > 0)).toEqual([]);
    },
  );
});

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'framewarden-plans-'));
});
afterAll(async () => {
  await rm(directory, { recursive: true, force: true });
});

/** Ranges of the indexes made for lists, merged, or asked about another tag by key. */
const IN_SQLITE = [
  /^SEARCH entry USING COVERING INDEX (tasks|task_tags)_listed_by_(id|start|end) \((project|tag)=\?/,
  /^SEARCH other USING COVERING INDEX sqlite_autoindex_task_tags_1 \(task_id=\? AND tag=\?\)$/,
  /^(MERGE \(UNION ALL\)|LEFT|RIGHT|COMPOUND QUERY|LEFT-MOST SUBQUERY|UNION ALL|CORRELATED SCALAR SUBQUERY \d+)$/,
];
/** What reads the few entries of a statement within, which a limit bounds. */
const OF_FEW = /^(CO-ROUTINE (entry|entries)|SCAN (entry|entries)|USE TEMP B-TREE FOR ORDER BY)$/;

async function faultsInSqlite(db: Db, query: CompiledQuery): Promise<string[]> {
  const isOfFew = /from \(.* limit \?\s*\) as (entry|entries)/s.test(query.sql);
  const allowed = isOfFew ? [...IN_SQLITE, OF_FEW] : IN_SQLITE;
  return (await sqlitePlan(db, query)).filter((detail) => !allowed.some((pattern) => pattern.test(detail)));
}

async function faultsInPostgres(db: Db, query: CompiledQuery): Promise<string[]> {
  return (await postgresPlan(db, query)).flatMap(({ 'Node Type': type, 'Index Name': index, 'Plan Rows': planned }) => [
    ...(type === 'Seq Scan' ? [type] : []),
    // Where few entries are expected, to collect and sort them is cheaper than to walk.
    ...(type.endsWith('Sort') && planned > LIMITS.examined ? [`${type} of ${planned}`] : []),
    ...(index !== undefined && !/^(tasks|task_tags)_listed_by_|^task_tags_pk$/.test(index) ? [index] : []),
  ]);
}
