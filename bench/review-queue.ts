import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import type { TaskRequest } from '../src/schema/task.js';
import { useDatabase as usePostgres } from '../src/store/postgres/shared-database.js';
import type { QueueQuery } from '../src/store/review-queue.js';
import { reviewQueue } from '../src/store/sql/review-queue.js';
import type { DatabaseUse } from '../src/store/sql/shared-databases.js';
import { useDatabase as useFile } from '../src/store/sqlite/shared-database.js';
import { startPostgres } from './list/postgres-server.js';
import { line, percentile, table } from './reference/report.js';
import { fillQueue } from './review-queue/fill-queue.js';
import { requestFor } from './speed/request.js';

const WAITING = 10_000;
const REPEAT = 40;
const REVIEWERS = 20;

const QUERIES: [string, Omit<QueueQuery, 'limit'>][] = [
  ['everything, by deadline', { projects: null, order: 'deadline' }],
  ['everything, by severity', { projects: null, order: 'severity' }],
  ['one project of ten, by age', { projects: ['bench 3'], order: 'age' }],
  ['three projects, by deadline', { projects: ['bench 1', 'bench 2', 'bench 3'], order: 'deadline' }],
  ['a scene of a fifth, by severity', { projects: null, scenes: ['terrorism'], order: 'severity' }],
  ['a tag of 0.1 %', { projects: null, tag: ['rare', '77'], order: 'deadline' }],
  ['for leads only (2 %)', { projects: null, level: 'lead', order: 'deadline' }],
  ['nothing that is there', { projects: null, tag: ['rare', 'none'], order: 'age' }],
];

/** Prints how long a page, the counts and an offer take while 10,000 tasks wait, on both engines. */
export async function main(): Promise<void> {
  line(
    `${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${availableParallelism()} cores, Node ${process.versions.node}`,
  );
  line(
    `Load before: ${loadavg()
      .map((load) => load.toFixed(1))
      .join(' ')}. ${WAITING} waiting, pages of 50. Milliseconds: half of them take as long, 95 %, the slowest.`,
  );
  const base = await requestFor('samples/cockatoo.mp4', 'exact', 'media');
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
  await fillQueue(db, base, WAITING);
  if (engine === 'Postgres') await sql`vacuum analyze review_queue, tasks`.execute(db);
  const queue = reviewQueue(db);
  const rows: string[][] = [];
  const add = (name: string, ms: number[]) =>
    rows.push([name, ...[0.5, 0.95, 1].map((share) => percentile(ms, share).toFixed(1).padStart(7))]);
  for (const [name, query] of QUERIES) add(`page: ${name}`, await timed(() => queue.page({ ...query, limit: 50 })));
  add('counts of everything', await timed(() => queue.counts(null)));
  add('counts of three projects', await timed(() => queue.counts(['bench 1', 'bench 2', 'bench 3'])));
  for (const [name, query] of QUERIES) {
    let n = 0;
    const reader = () => ({ reviewer: `reviewer ${n++}`, level: 'lead' as const, forMs: 30_000 });
    add(`offer: ${name}`, await timed(() => queue.offer(query, reader())));
  }
  const taken = new Set<string>();
  const together: number[] = [];
  let offers = 0;
  await Promise.all(
    Array.from({ length: REVIEWERS }, async (_, reviewer) => {
      const query = { projects: null, order: 'deadline' } as const;
      const reader = { reviewer: `reviewer ${reviewer}`, level: 'reviewer', forMs: 600_000 } as const;
      for (let n = 0; n < REPEAT / 4; n++) {
        const begun = performance.now();
        const entry = await queue.offer(query, reader);
        together.push(performance.now() - begun);
        offers++;
        if (entry !== null) taken.add(entry.taskId);
      }
    }),
  );
  add(`offers to ${REVIEWERS} at once`, together);
  line();
  line(engine);
  table([['', 'half', '95 %', 'slowest'], ...rows]);
  line(`${offers} offers to ${REVIEWERS} reviewers at once, of ${taken.size} different tasks.`);
  await close();
}

async function timed(act: () => Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  for (let n = 0; n < REPEAT; n++) {
    const begun = performance.now();
    await act();
    times.push(performance.now() - begun);
  }
  return times;
}
