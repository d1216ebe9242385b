import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import type { TakenTask } from '../src/schema/console/queue.js';
import { startPostgres } from './list/postgres-server.js';
import { line, percentile, table } from './reference/report.js';
import { callerOf, timed, type Caller } from './review/calls.js';
import type { Place } from './review/place.js';

const REVIEWERS = 20;
const TARGET_MS = 100;
const PAGES = 200;
/** Quicker than anybody looks at a video: each of the twenty decides one this often. */
const PACE_MS = 3000;
const PACED_ROUNDS = 6;
const BURSTS = 10;

/** Prints how long the queue's page and taking the next task last, with many tasks that wait and twenty reviewers. */
export async function main(args: readonly string[]): Promise<void> {
  const options = {
    waiting: { type: 'string', default: '10000' },
    postgres: { type: 'boolean', default: false },
  } as const;
  const { values } = parseArgs({ args: [...args], options });
  const loads = loadavg().map((each) => each.toFixed(1));
  line(
    `${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${availableParallelism()} cores, Node ${process.versions.node}`,
  );
  line(
    `Load before: ${loads.join(' ')}. ${values.waiting} tasks wait; service, workers and embedded Temporal on the cores that make the load.`,
  );
  await measureOn('SQLite', values.waiting, null);
  if (!values.postgres) return;
  const postgres = await startPostgres();
  try {
    await measureOn('Postgres', values.waiting, postgres.url);
  } finally {
    await postgres.stop();
  }
}

async function measureOn(name: string, waiting: string, databaseUrl: string | null): Promise<void> {
  const given = [waiting, String(REVIEWERS), ...(databaseUrl === null ? [] : [databaseUrl])];
  const child = fork(new URL('./review/serving.js', import.meta.url), given);
  const ended = once(child, 'exit');
  try {
    const place = await Promise.race([
      once(child, 'message').then(([message]) => message as Place),
      ended.then(() => Promise.reject(new Error('Expected the service to start, it has ended.'))),
    ]);
    const callers = place.reviewers.map((reviewer) => callerOf(place.endpoint, reviewer));
    await measure(name, callers);
    for (const caller of callers) caller.close();
  } finally {
    if (child.connected) child.send('end');
    await ended;
  }
}

async function measure(name: string, callers: readonly Caller[]): Promise<void> {
  const first = callers[0];
  if (first === undefined) throw new Error('Expected reviewers.');
  const page = (caller: Caller) => timed(() => caller.ask('GET', '/queue?limit=50'));
  for (let n = 0; n < 10; n++) await page(first);
  const alone: number[] = [];
  for (let n = 0; n < PAGES; n++) alone.push(await page(first));
  const together = await Promise.all(callers.map(async (caller) => repeated(PAGES / 10, () => page(caller))));
  const single: number[] = [];
  for (let n = 0; n < PAGES / 4; n++) single.push(await take(first));
  const paced = await Promise.all(callers.map((caller, n) => working(caller, (n * PACE_MS) / REVIEWERS)));
  const bursts: number[] = [];
  for (let n = 0; n < BURSTS; n++) bursts.push(...(await Promise.all(callers.map(take))));
  line();
  table([
    [name, 'p50 ms', 'p95 ms', 'target'],
    row('page of the queue, one reviewer', alone),
    row('page of the queue, twenty that ask again at once', together.flat(), false),
    row('take next, one reviewer', single),
    row(`take next, twenty who each decide one in ${PACE_MS / 1000} s`, paced.flat()),
    row('take next, twenty in the same moment', bursts, false),
  ]);
}

function row(what: string, latencies: readonly number[], isTarget = true): string[] {
  const most = percentile(latencies, 0.95);
  const target = isTarget ? (most <= TARGET_MS ? `${TARGET_MS} ok` : `over ${TARGET_MS}`) : '';
  return [what, percentile(latencies, 0.5).toFixed(1), most.toFixed(1), target];
}

/** Takes the next task and passes it; answers how long taking took, until there was one: who is not answered in time asks again. */
async function take(caller: Caller): Promise<number> {
  let taken: TakenTask | null = null;
  const begun = performance.now();
  while (taken === null) taken = await caller.ask<TakenTask>('POST', '/queue/next', {}).catch(isBusy);
  const took = performance.now() - begun;
  const { taskId, claim } = taken;
  const decision = { decisionId: randomUUID(), claimId: claim.claimId, suggestion: 'pass', reason: null };
  await caller.ask('POST', `/tasks/${taskId}/decide`, decision);
  return took;
}

function isBusy(error: unknown): null {
  if (String(error).includes('TemporalUnavailable')) return null;
  throw error;
}

async function working(caller: Caller, offsetMs: number): Promise<number[]> {
  const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
  await pause(offsetMs);
  const latencies: number[] = [];
  for (let round = 0; round < PACED_ROUNDS; round++) {
    const begun = performance.now();
    latencies.push(await take(caller));
    await pause(Math.max(0, PACE_MS - (performance.now() - begun)));
  }
  return latencies;
}

async function repeated(times: number, ask: () => Promise<number>): Promise<number[]> {
  const latencies: number[] = [];
  for (let n = 0; n < times; n++) latencies.push(await ask());
  return latencies;
}
