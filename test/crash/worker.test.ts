import { mkdirSync } from 'node:fs';
import { installationId } from '../../src/owner/installation.js';
import { connectClient } from '../../src/temporal/connection.js';
import { readProgress } from '../../src/temporal/progress.js';
import { queuesOf } from '../../src/temporal/queues.js';
import { startServer, type EmbeddedServer } from '../../src/temporal/server.js';
import type { TaskClient } from '../../src/temporal/tasks.js';
import { build } from '../support/build.js';
import { commandPlace, eventually, policyFile, type Command, type CommandPlace } from '../support/cli.js';
import { childrenIn, CRASH_VIDEOS, crashVideo, drawVictims, isDecoder, isRunning } from '../support/crash.js';
import { kill, oneOf, randomFrom } from '../support/crash.js';
import { slowModel, type SlowModel } from '../support/slow-model.js';
import { blobsOf, expectSameOutcome, samplesEntered, taskFor } from '../support/crash-outcome.js';
import { temporalServer } from '../support/temporal-server.js';

/** The short form kills a worker, and then everything; `npm run test:crash` kills 30 times. */
const KILLS = Number(process.env['FRAMEWARDEN_CRASHES'] ?? 2);
const SEED = Number(process.env['FRAMEWARDEN_CRASH_SEED'] ?? Date.now() % 1_000_000);
/** One of two workers, while the other and the server live; both of them, their decoders and the server; one decoder alone; or the server alone. */
const VICTIMS = ['worker', 'everything', 'decoder', 'server'] as const;
type Victim = (typeof VICTIMS)[number];

const isLong = KILLS > VICTIMS.length;
const videos = isLong ? (['parrot', 'chair', 'monitors'] as const) : (['small'] as const);
/** What commands and workers are told besides; the short form asks a model that takes its time. */
const models = isLong ? [] : ['--models', 'models'];
const LONGEST_MS = 300_000 + KILLS * 40_000;

/** Samples entered between two kills in the short form: of two segments more than may be classified again. */
const LEAST = isLong ? 0 : 60;

const random = randomFrom(SEED);
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

let place: CommandPlace;
let cluster: EmbeddedServer;
let tasks: TaskClient;
let args: string[];
let workers: Command[];
let model: SlowModel;
beforeAll(async () => {
  process.stdout.write(`Killing workers ${KILLS} times, FRAMEWARDEN_CRASH_SEED=${SEED}\n`);
  await build();
  place = await commandPlace();
  model = await slowModel(place.path('models'), 0);
  // Work for about two seconds of two workers between two kills, and some to spare.
  const times = isLong ? Math.ceil((6 + 5 * KILLS) / videos.length) : 20;
  const paths = videos.map((name) => crashVideo(name, place.root, times));
  const policy = policyFile(place, 'policy.yaml', isLong ? 0.955 : 1, { k: 3, n: 5 });
  args = [
    'moderate',
    ...paths,
    ...models,
    '--scenes',
    isLong ? 'porn' : 'terrorism',
    '--max-frames',
    '3600',
    '--policy',
    policy,
    '--json',
  ];
  const dataDir = place.path('cluster');
  mkdirSync(dataDir);
  cluster = await startServer({
    dataDir,
    childrenDir: place.path('cluster', 'children'),
    binary: await temporalServer(),
    say: () => undefined,
    signal: new AbortController().signal,
  });
  const [client, installation] = [await connectClient(cluster.target), await installationId(place.dataDir)];
  tasks = { client, installation, queues: queuesOf(installation) };
}, LONGEST_MS);
afterAll(async () => {
  await tasks.client.connection.close();
  await cluster.stop();
  await place.remove();
  await model.close();
});

const startWorker = (): Command =>
  place.start([...models, '--threads', '1', 'worker'], { TEMPORAL_ADDRESS: cluster.target.address });
const taskIds = () =>
  place.stores(async ({ records }) => (await records.listTasks({ limit: 10 })).map(({ request }) => request.taskId));
const areDecided = () =>
  place.stores(async ({ records }) => {
    const all = await records.listTasks({ limit: 10 });
    return all.every(({ status }) => status !== 'Running');
  });

/** Asks a command for all videos and interrupts it: the tasks are there then, and nobody works on them. */
async function leaveTasks(): Promise<void> {
  const command = place.start(['--threads', String(videos.length), ...args], {
    TEMPORAL_ADDRESS: cluster.target.address,
  });
  await eventually(async () => (await taskIds()).length === videos.length, 'a task for each video');
  command.kill('SIGINT');
  expect((await command.ended).code).toBe(130);
}

/** Kills and answers whether there was something to kill; a killed worker has another in its place when this is through. */
async function strike(victim: Victim): Promise<boolean> {
  const [children, servers] = [
    () => childrenIn(place.path('data', 'children')),
    childrenIn(place.path('cluster', 'children')),
  ];
  const decoders = () => children().filter(isDecoder);
  if (victim === 'decoder') await eventually(async () => decoders().length > 0 || (await areDecided()), 'a decoder');
  const killed: Command[] = { worker: [oneOf(workers, random)!], everything: workers, decoder: [], server: [] }[victim];
  const alone = [oneOf(decoders(), random)].filter((decoder) => decoder !== undefined);
  const others = { worker: [], decoder: alone, server: servers, everything: [...children(), ...servers] }[victim];
  const left = children().filter(({ parent }) => killed.some(({ pid }) => pid === parent.pid));
  const hit = kill(...[...killed, ...others].map(({ pid }) => pid));
  await Promise.all(killed.map(({ ended }) => ended));
  await eventually(() => !left.some(isRunning), 'no program of a killed worker to be left');
  workers = workers.map((worker) => (killed.includes(worker) ? startWorker() : worker));
  return hit;
}

test(
  'whatever is killed, the workers that are left or come later reach the same results, and repeat no more than what was in flight',
  async () => {
    await place.run([...args, '--data', place.path('calm')]);
    // Some fifty samples a second, of two workers.
    model.takes(100);
    await leaveTasks();
    workers = [startWorker(), startWorker()];
    const killed: Victim[] = [];
    for (const [index, victim] of drawVictims(VICTIMS, KILLS, random).entries()) {
      const anywhere = index >= VICTIMS.length && random() < 1 / 3;
      const before = await samplesEntered(place.dataDir);
      const goesOn = async () => (await samplesEntered(place.dataDir)) > before + LEAST || (await areDecided());
      if (!anywhere) await eventually(goesOn, 'samples to be classified');
      await pause(random() * (anywhere ? 4000 : 1000));
      if (await areDecided()) break;
      if (await strike(victim)) killed.push(victim);
    }
    process.stdout.write(`Killed: ${killed.join(', ')}.\n`);
    expect(killed.length).toBeGreaterThanOrEqual(KILLS * 0.8);
    model.takes(0);
    for (const taskId of await taskIds()) await settled(taskId);
    for (const worker of workers) worker.kill('SIGINT');
    for (const worker of workers) expect(await worker.ended).toMatchObject({ code: 0, stdout: '' });
    const inCluster = (program: string): boolean => program.includes(place.path('cluster'));
    expect([place.programs().filter((program) => !inCluster(program)), place.leftFiles()]).toEqual([[], []]);

    for (const name of videos) {
      const { file } = CRASH_VIDEOS[name];
      await expectSameOutcome(await taskFor(place.path('calm'), file), await taskFor(place.dataDir, file));
    }
    expect(blobsOf(place.dataDir)).toEqual(blobsOf(place.path('calm')));
  },
  LONGEST_MS,
);

/** Waits until a task is through, at most two minutes from one sign of progress to the next. */
async function settled(taskId: string): Promise<void> {
  let last = '';
  for (let heardAt = performance.now(); performance.now() - heardAt < 120_000;) {
    await pause(500);
    // The server or every worker may be away.
    const progress = await readProgress(tasks, taskId).catch(() => 'away' as const);
    if (progress === null) return;
    if (progress === 'away') continue;
    if (progress.phase === 'waiting for review' || progress.phase === 'finished') return;
    if (JSON.stringify(progress) !== last) heardAt = performance.now();
    last = JSON.stringify(progress);
  }
  const { raw } = await tasks.client.workflow.getHandle(taskId).describe();
  throw new Error(`Expected ${taskId} to go on, it stands at ${last}: ${JSON.stringify(raw.pendingActivities)}`);
}
