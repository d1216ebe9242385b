import { mkdirSync } from 'node:fs';
import { startServer, type EmbeddedServer } from '../../src/temporal/server.js';
import { build } from '../support/build.js';
import { commandPlace, eventually, resultsOf, type CommandPlace } from '../support/cli.js';
import { samplePath } from '../support/installation.js';
import { longParrot } from '../support/make-video.js';
import { slowModel, type SlowModel } from '../support/slow-model.js';
import { temporalServer } from '../support/temporal-server.js';

const OPTIONS = ['--scenes', 'terrorism', '--models', 'models', '--json'];

let model: SlowModel;
let place: CommandPlace;
let long: string;
beforeAll(async () => {
  await build();
  place = await commandPlace();
  model = await slowModel(place.path('models'), 0);
  long = place.path('long.mp4');
  longParrot(long, 4);
});
afterAll(async () => {
  await place.remove();
  await model.close();
});

const newestStatus = () =>
  place.stores(async ({ records }) => {
    const [task] = await records.listTasks({ limit: 1 });
    return task?.status;
  });

test('when the owner is killed, the command that was attached says so, takes over and finishes its task', async () => {
  model.takes(120_000);
  const owner = place.start(['moderate', long, ...OPTIONS]);
  await owner.tells(/long\.mp4: classifying/);
  // The same video: both follow the one task that there is for it.
  const attached = place.start(['moderate', long, ...OPTIONS]);
  await attached.tells(/Going on with VideoModeration-/);
  owner.kill('SIGKILL');
  model.takes(0);
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
    model.takes(120_000);
    const command = place.start(['moderate', long, '--fresh', ...OPTIONS], env);
    await command.tells(/long\.mp4: classifying/);
    command.kill('SIGKILL');
    await command.ended;
    expect(await newestStatus()).toBe('Running');
    model.takes(0);
    const worker = place.start(['--models', 'models', 'worker'], env);
    await worker.tells(/Working on moderation@\w+ and media@\w+ at 127\.0\.0\.1:\d+\. Ctrl-C ends it\./);
    await eventually(async () => (await newestStatus()) === 'Succeeded', 'the worker to finish the task');
    worker.kill('SIGINT');
    expect(await worker.ended).toMatchObject({ code: 0, stdout: '' });
  });

  test('a command uses that cluster and starts no server', async () => {
    const end = await place.run(['moderate', samplePath('realshort.mp4'), ...OPTIONS], env);
    expect([end.code, resultsOf(end).length]).toEqual([0, 1]);
    expect(place.programs().filter((program) => !program.includes(place.path('cluster')))).toEqual([]);
  });
});
