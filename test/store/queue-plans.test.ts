import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { fillQueue } from '../../bench/review-queue/fill-queue.js';
import type { QueueQuery } from '../../src/store/review-queue.js';
import { useDatabase as usePostgres } from '../../src/store/postgres/shared-database.js';
import { queuePages } from '../../src/store/sql/queue-pages.js';
import type { DatabaseUse } from '../../src/store/sql/shared-databases.js';
import { useDatabase as useFile } from '../../src/store/sqlite/shared-database.js';
import { newPostgres } from '../support/postgres.js';
import { makeRequest } from './make-records.js';
import { type FaultsOf, type Planned, planning, postgresPlan, sqlitePlan } from './planning.js';

/** Enough that reading everything for a page would not pay. */
const ENTRIES = 12_000;
const ORDERS = ['deadline', 'severity', 'age'] as const;

const selectors: [string, Partial<QueueQuery>][] = [
  ['everything', { projects: null }],
  ['one project', { projects: ['bench 3'] }],
  ['several projects', { projects: ['bench 3', 'bench 4', 'bench 7'] }],
  ['some scenes and a level', { projects: null, scenes: ['porn', 'ad'], level: 'reviewer' }],
  ['a severity and an age', { projects: null, minSeverity: 50, openedBefore: '2025-12-31T23:00:00Z' }],
  ['a tag in a project', { projects: ['bench 3'], tag: ['half', '1'] }],
];

/** What serves an order: the index that is made for it, from its beginning or from where a page ended. */
const IN_SQLITE = /^(SCAN|SEARCH) review_queue USING INDEX review_queue_(of_project_)?by_(due|severity|age)\b/;
/** The entry that an offer has found, by its key. */
const OFFERED =
  /^(SEARCH review_queue USING INDEX sqlite_autoindex_review_queue_1 \(task_id=\?\)|SCALAR SUBQUERY \d+)$/;

const faultsInSqlite: FaultsOf = async (db, query) => {
  const isLaterPage = query.sql.includes(') > (');
  return (await sqlitePlan(db, query)).filter((step) => {
    if (OFFERED.test(step)) return false;
    return !IN_SQLITE.test(step) || (isLaterPage && !step.startsWith('SEARCH'));
  });
};

const faultsInPostgres: FaultsOf = async (db, query) => {
  const nodes = await postgresPlan(db, query);
  return nodes.map((node) => node['Node Type']).filter((type) => type === 'Seq Scan' || type.endsWith('Sort'));
};

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'framewarden-queue-plans-'));
});
afterAll(async () => {
  await rm(directory, { recursive: true, force: true });
});

describe.each<[string, () => Promise<DatabaseUse>, FaultsOf]>([
  ['SQLite', () => useFile(join(directory, 'records.db')), faultsInSqlite],
  ['Postgres', async () => usePostgres(await newPostgres()), faultsInPostgres],
])('the plans of %s for the queue', (engine, open, faultsOf) => {
  const plans: Planned[] = [];
  let use: DatabaseUse;
  let pages: ReturnType<typeof queuePages>;
  beforeAll(async () => {
    use = await open();
    await fillQueue(use.db, makeRequest('base'), ENTRIES);
    if (engine === 'Postgres') await sql`vacuum analyze tasks, review_queue`.execute(use.db);
    pages = queuePages(planning(use.db, faultsOf, plans), Date.now);
  });
  afterAll(async () => {
    await use.close();
  });

  test.each(selectors)('%s: pages and offers walk an index in its order, and sort nothing', async (_, selector) => {
    for (const order of ORDERS) {
      const query = { projects: null, order, ...selector };
      const { next } = await pages.page({ ...query, limit: 50 });
      expect(next).not.toBeNull();
      await pages.page({ ...query, limit: 50, after: next! });
      const reader = { reviewer: 'ada', level: 'reviewer', forMs: 5000 } as const;
      expect(await pages.offer(query, reader)).not.toBeNull();
    }
    const planned = plans.splice(0);
    expect(planned).toHaveLength(3 * ORDERS.length);
    expect(planned.filter(({ faults }) => faults.length > 0)).toEqual([]);
  });
});
