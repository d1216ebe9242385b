import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import type { TaskRequest } from '../src/schema/task.js';
import { TASK_SORTS, type TaskCursor, type TaskQuery, type TaskSort } from '../src/store/records.js';
import { useDatabase as usePostgres } from '../src/store/postgres/shared-database.js';
import { createRecordStore } from '../src/store/sql/record-store.js';
import type { DatabaseUse } from '../src/store/sql/shared-databases.js';
import type { Db } from '../src/store/sql/tables.js';
import { useDatabase as useFile } from '../src/store/sqlite/shared-database.js';
import { startCpu } from './list/cpu.js';
import { FIRST_START_MS, fillStore } from './list/fill-store.js';
import { startPostgres } from './list/postgres-server.js';
import { line, percentile, table } from './reference/report.js';
import { requestFor } from './speed/request.js';

const TASKS = 100_000;
const REPEAT = 3;
const DEPTHS = [0, 0.5, 0.95];

const at = (fraction: number) => new Date(FIRST_START_MS + fraction * TASKS * 1000).toISOString();
const between = (from: number, to: number) => ({ from: at(from), to: at(to) });

const SELECTORS: [string, Partial<TaskQuery>][] = [
  ['everything', {}],
  ['status Failed (10 %)', { status: 'Failed' }],
  ['type and status', { taskTypes: ['ImageModeration'], status: 'Running' }],
  ['tag that all have', { tags: [['all', 'yes']] }],
  ['tag of 0.1 %', { tags: [['rare', '77']] }],
  ['started in 1 % of the time', { startTime: between(0.5, 0.51) }],
  ['started in 6 %', { startTime: between(0.5, 0.56) }],
  ['started in the later half', { startTime: { from: at(0.5) } }],
  ['ended in 6 %', { endTime: between(0.9, 0.96) }],
  ['tag of 10 %, ended in 50 %', { tags: [['tenth', '3']], endTime: between(0.2, 0.7) }],
  [
    'two tags, 50 % and 0.1 %',
    {
      tags: [
        ['half', '1'],
        ['rare', '77'],
      ],
    },
  ],
  [
    'two tags, 50 % and 10 %',
    {
      tags: [
        ['half', '1'],
        ['tenth', '3'],
      ],
    },
  ],
  [
    'two tags, none has both',
    {
      tags: [
        ['half', '1'],
        ['half', '0'],
      ],
    },
  ],
  [
    'all at once',
    {
      taskTypes: ['VideoModeration'],
      status: 'Succeeded',
      tags: [
        ['all', 'yes'],
        ['half', '1'],
        ['tenth', '3'],
      ],
      startTime: between(0.1, 0.9),
      endTime: between(0.5, 0.6),
    },
  ],
];

/** Prints how long a page of 100 takes among 100,000 tasks, by selector and order, at several depths, on both engines. */
export async function main(): Promise<void> {
  line(
    `${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${availableParallelism()} cores, Node ${process.versions.node}`,
  );
  line(
    `Load before: ${loadavg()
      .map((load) => load.toFixed(1))
      .join(' ')}. ${TASKS} tasks with four tags each, pages of 100.`,
  );
  line(
    `Milliseconds a page: typical and slowest, then typical and most of CPU alone; both orders at depths of ${DEPTHS.map((depth) => `${depth * 100} %`).join(', ')}, ${REPEAT} times each.`,
  );
  const base = { ...(await requestFor('samples/cockatoo.mp4', 'exact', 'media')), projectName: 'bench' };
  const directory = await mkdtemp(join(tmpdir(), 'framewarden-bench-'));
  const server = await startPostgres();
  try {
    await measure('SQLite', await useFile(join(directory, 'records.db')), base);
    await measure('Postgres', await usePostgres(server.url), base);
  } finally {
    await server.stop();
    await rm(directory, { recursive: true, force: true });
  }
}

async function measure(engine: string, { db, close }: DatabaseUse, base: TaskRequest): Promise<void> {
  const startedAt = performance.now();
  await fillStore(db, base, TASKS);
  // What its autovacuum does by itself within a minute.
  if (engine === 'Postgres') await sql`vacuum analyze tasks, task_tags`.execute(db);
  line();
  line(`${engine}, filled in ${((performance.now() - startedAt) / 1000).toFixed(0)} s`);
  const records = createRecordStore(db, close);
  const backends = engine === 'Postgres' ? await backendsOf(db) : [];
  const rows: string[][] = [];
  const pages = { all: 0, slow: 0, short: 0 };
  for (const [name, selector] of SELECTORS) {
    const cells: string[] = [];
    for (const sort of TASK_SORTS) {
      const [wall, cpu]: [number[], number[]] = [[], []];
      for (const query of queriesOf(selector, sort)) {
        for (let n = 0; n < REPEAT; n++) {
          const [begun, used] = [performance.now(), startCpu(backends)];
          const { tasks, next } = await records.queryTasks(query);
          wall.push(performance.now() - begun);
          cpu.push(used());
          if (next !== null && tasks.length < query.limit) pages.short++;
        }
      }
      pages.all += wall.length;
      pages.slow += wall.filter((ms) => ms >= 50).length;
      const figures = [percentile(wall, 0.5), percentile(wall, 1), percentile(cpu, 0.5), percentile(cpu, 1)];
      cells.push(figures.map((ms) => ms.toFixed(1).padStart(6)).join(''));
    }
    rows.push([name, ...cells]);
  }
  table([['selector', ...TASK_SORTS], ...rows]);
  line(
    `${pages.all} pages, ${pages.slow} of them took 50 ms or longer; ${pages.short} were not full though more remained.`,
  );
  await records.close();
}

/** Processes of the server that serve this one. */
async function backendsOf(db: Db): Promise<number[]> {
  const { rows } = await sql<{ pid: number }>`
    select pid from pg_stat_activity where application_name = 'framewarden'`.execute(db);
  return rows.map(({ pid }) => pid);
}

function queriesOf(selector: Partial<TaskQuery>, sort: TaskSort): TaskQuery[] {
  return (['asc', 'desc'] as const).flatMap((order) =>
    DEPTHS.map((depth) => ({
      project: 'bench',
      sort,
      order,
      limit: 100,
      ...(depth === 0 ? {} : { after: placeAt(sort, order === 'asc' ? depth : 1 - depth) }),
      ...selector,
    })),
  );
}

/** Somewhere in the order, by the share of tasks before. */
function placeAt(sort: TaskSort, depth: number): TaskCursor {
  // Ids of images come first: an eighth of all.
  if (sort === 'TaskId') {
    const [type, share] = depth < 1 / 8 ? ['Image', depth * 8] : ['Video', (depth - 1 / 8) / (7 / 8)];
    return {
      taskId: `${type}Moderation-${Math.floor(share * 0xfffff)
        .toString(16)
        .padStart(5, '0')}`,
      value: null,
    };
  }
  return { taskId: '', value: FIRST_START_MS + Math.floor(depth * TASKS) * 1000 };
}
