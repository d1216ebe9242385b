import { mkdirSync } from 'node:fs';
import { startServer, type EmbeddedServer } from '../../src/temporal/server.js';
import { build } from '../support/build.js';
import { commandPlace, eventually, policyFile, resultsOf, type CommandPlace } from '../support/cli.js';
import { samplePath } from '../support/installation.js';
import { runFfmpeg } from '../support/make-video.js';
import { temporalServer } from '../support/temporal-server.js';

/** Every second, by a policy that lets the parrot pass. */
let options: string[];

let place: CommandPlace;
let long: string;
beforeAll(async () => {
  await build();
  place = await commandPlace();
  options = ['--scenes', 'porn', '--json', '--policy', policyFile(place, 'lenient.yaml', 1, { k: 3, n: 5 })];
  long = place.path('long.mp4');
  runFfmpeg('-stream_loop', '7', '-i', samplePath('cockatoo.mp4'), '-c', 'copy', long);
});
afterAll(() => place.remove());

const newestStatus = () =>
  place.stores(async ({ records }) => {
    const [task] = await records.listTasks({ limit: 1 });
    return task?.status;
  });

test('when the owner is killed, the command that was attached says so, takes over and finishes its task', async () => {
  const owner = place.start(['moderate', long, ...options]);
  await owner.tells(/long\.mp4: classifying/);
  // The same video: both follow the one task that there is for it.
  const attached = place.start(['moderate', long, ...options]);
  await attached.tells(/Going on with VideoModeration-/);
  owner.kill('SIGKILL');
  const end = await attached.ended;
  expect([end.code, resultsOf(end).length]).toEqual([0, 1]);
  expect(end.stderr).toContain('has died: this one takes over.');
  expect([place.programs(), place.leftFiles()]).toEqual([[], []]);
});

describe('at a cluster of its own', () => {
  let cluster: EmbeddedServer;
  let env: Record<string, string>;
  beforeAll(async () => {
    const dataDir = place.path('cluster');
    mkdirSync(dataDir);
    cluster = await startServer({
      dataDir,
      childrenDir: place.path('cluster', 'children'),
      binary: await temporalServer(),
      say: () => undefined,
      signal: new AbortController().signal,
    });
    env = { TEMPORAL_ADDRESS: cluster.target.address };
  });
  afterAll(() => cluster.stop());

  test('a worker goes on with a task whose command was killed, and ends in grace', async () => {
    const command = place.start(['moderate', long, '--fresh', ...options], env);
    await command.tells(/long\.mp4: classifying/);
    command.kill('SIGKILL');
    await command.ended;
    expect(await newestStatus()).toBe('Running');
    const worker = place.start(['worker'], env);
    await worker.tells(/Working on moderation@\w+ and media@\w+ at 127\.0\.0\.1:\d+\. Ctrl-C ends it\./);
    await eventually(async () => (await newestStatus()) === 'Succeeded', 'the worker to finish the task', 90);
    worker.kill('SIGINT');
    expect(await worker.ended).toMatchObject({ code: 0, stdout: '' });
  });

  test('a command uses that cluster and starts no server', async () => {
    const end = await place.run(['moderate', samplePath('realshort.mp4'), ...options], env);
    expect([end.code, resultsOf(end).length]).toEqual([0, 1]);
    expect(place.programs().filter((program) => !program.includes(place.path('cluster')))).toEqual([]);
  });
});
