import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { localTarget } from '../src/temporal/target.js';
import { connectClient } from '../src/temporal/connection.js';
import { load, poster, type Load } from './api/load.js';
import type { Place } from './api/place.js';
import { line, percentile, table } from './reference/report.js';

const CALLERS = [1, 20, 100];
/** Every figure is of two such spans, taken in turns with what it is compared with. */
const SPAN_MS = 2500;
const ROUNDS = 2;
/** Recorded as running while creates are measured: they are counted by every one of them. */
const OPEN_TASKS = 1000;
const TARGETS = { create: 1.5, get: 2 };

/** Prints how long creating and getting take, and how many a second there are, beside the least that either could be. */
export async function main(): Promise<void> {
  const loads = loadavg().map((each) => each.toFixed(1));
  line(
    `${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${availableParallelism()} cores, Node ${process.versions.node}`,
  );
  line(
    `Load before: ${loads.join(' ')}. Service, bare route and Temporal on the cores that make the load, no workers, ${OPEN_TASKS} open tasks.`,
  );
  line(
    'create: CreateVideoModerationTask beside client.workflow.start of an empty workflow from the process that makes the load.',
  );
  line(
    'get: GetVideoModerationResult of a finished task beside a Fastify route that verifies the same signature and reads one row by key.',
  );
  const child = fork(new URL('./api/serving.js', import.meta.url), [String(OPEN_TASKS)]);
  const ended = once(child, 'exit');
  try {
    const place = await Promise.race([
      once(child, 'message').then(([message]) => message as Place),
      ended.then(() => Promise.reject(new Error('Expected the service to start, it has ended.'))),
    ]);
    await measure(place);
  } finally {
    if (child.connected) child.send('end');
    await ended;
  }
}

async function measure({ key, service, bare, address, namespace, taskId }: Place): Promise<void> {
  const client = await connectClient(localTarget(address, namespace));
  const video = { SourceURI: 'oss://samples/cockatoo.mp4', Scenes: '["porn"]' };
  const named = { TaskType: 'VideoModeration', TaskId: taskId };
  const posters = {
    create: poster(service, key, 'CreateVideoModerationTask', video),
    get: poster(service, key, 'GetVideoModerationResult', named),
    bareGet: poster(bare, key, 'GetVideoModerationResult', named),
  };
  const start = async (): Promise<void> => {
    await client.workflow.start('nobody', { workflowId: randomUUID(), taskQueue: 'nobody', args: [] });
  };
  const rows: string[][] = [];
  for (const callers of CALLERS) {
    for (const [name, ours, theirs] of [
      ['create', posters.create.call, start],
      ['get', posters.get.call, posters.bareGet.call],
    ] as const) {
      const [a, b] = await inTurns(callers, ours, theirs);
      const ratio = percentile(a.latencies, 0.99) / percentile(b.latencies, 0.99);
      rows.push([
        String(callers),
        name,
        ...figures(a),
        ...figures(b),
        (percentile(a.latencies, 0.5) / percentile(b.latencies, 0.5)).toFixed(2),
        `${ratio.toFixed(2)} ${ratio <= TARGETS[name] ? 'ok' : `over ${TARGETS[name]}`}`,
      ]);
    }
  }
  line();
  table([
    ['callers', 'call', 'p50 ms', 'p99 ms', '/s', 'bare p50', 'bare p99', 'bare /s', 'p50 ratio', 'p99 ratio'],
    ...rows,
  ]);
  line(
    `Load after: ${loadavg()
      .map((each) => each.toFixed(1))
      .join(' ')}.`,
  );
  for (const { close } of Object.values(posters)) close();
  await client.connection.close();
}

const figures = ({ latencies, rate }: Load): string[] => [
  percentile(latencies, 0.5).toFixed(2),
  percentile(latencies, 0.99).toFixed(2),
  rate.toFixed(0),
];

async function inTurns(callers: number, ours: () => Promise<void>, theirs: () => Promise<void>): Promise<[Load, Load]> {
  // Connections are made and code is compiled before anything counts.
  for (const call of [ours, theirs]) await load(callers, SPAN_MS / 5, call);
  const [a, b]: [Load[], Load[]] = [[], []];
  for (let round = 0; round < ROUNDS; round++) {
    a.push(await load(callers, SPAN_MS, ours));
    b.push(await load(callers, SPAN_MS, theirs));
  }
  return [joined(a), joined(b)];
}

const joined = (loads: readonly Load[]): Load => ({
  latencies: loads.flatMap(({ latencies }) => latencies),
  rate: loads.reduce((sum, { rate }) => sum + rate, 0) / loads.length,
});
