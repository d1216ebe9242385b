import { writeFileSync } from 'node:fs';
import { build } from '../support/build.js';
import { commandPlace, eventually, resultsOf, type CommandEnd, type CommandPlace } from '../support/cli.js';
import { resultOf } from '../support/imm-client.js';
import { longParrot } from '../support/make-video.js';
import { endInGrace, serving } from '../support/serving.js';
import { slowModel, type SlowModel } from '../support/slow-model.js';

let model: SlowModel;
let place: CommandPlace;
let env: Record<string, string>;
let crash: () => void;
beforeAll(build);
beforeEach(async () => {
  place = await commandPlace();
  model = await slowModel(place.path('models'), 120_000);
  longParrot(place.path('long.mp4'), 4);
  // In the thread that workflows run in, and only there, something throws once a file is there.
  const [crashing, file] = [place.path('crashing.cjs'), place.path('crash')];
  writeFileSync(
    crashing,
    `if (!require('node:worker_threads').isMainThread) setInterval(() => {
      const isThere = process.argv[1].includes('workflow-worker-thread') && require('node:fs').existsSync(${JSON.stringify(file)});
      if (isThere) throw new Error('crashed');
    }, 20).unref();`,
  );
  env = { NODE_OPTIONS: `--require ${crashing}` };
  crash = () => {
    writeFileSync(file, '');
  };
});
afterEach(async () => {
  await place.remove();
  await model.close();
});

/** It tells why, and has ended the workers that still worked, and the server, in grace. */
function expectFailure({ code, stderr }: CommandEnd): void {
  expect(code).toBe(1);
  expect(stderr).toMatch(/^framewarden: A worker of this process failed for good \(.+\): open tasks stay open, /m);
  expect([place.programs(), place.leftFiles()]).toEqual([[], []]);
}

test('a service one of whose workers failed for good ends with 1, and the next one goes on with its tasks', async () => {
  const args = ['--models', 'models', 'serve', '--dev', '--json', '--port', '0'];
  const service = await serving(place, args, env);
  const { TaskId } = await service.call('CreateVideoModerationTask', {
    ProjectName: 'demo',
    SourceURI: 'oss://samples/realshort.mp4',
    Scenes: '["terrorism"]',
  });
  const looks = () =>
    service.call('GetTask', { ProjectName: 'demo', TaskType: 'VideoModeration', TaskId: String(TaskId) });
  expect(await looks()).toMatchObject({ Status: 'Running' });
  crash();
  await eventually(async () => {
    // Whoever asks has the crashed thread needed.
    await looks().catch(() => undefined);
    return service.command.hasEnded;
  }, 'the service to end');
  expectFailure(await service.command.ended);

  model.takes(0);
  const next = await serving(place, args);
  expect(await resultOf(next.call, 'demo', TaskId)).toMatchObject({ TaskId, Status: 'Succeeded' });
  await endInGrace(place, next);
});

test('a command one of whose workers failed for good says so, and the same command goes on with its task', async () => {
  const args = ['moderate', place.path('long.mp4'), '--scenes', 'terrorism', '--models', 'models', '--json'];
  const command = place.start(args, env);
  await command.tells(/long\.mp4: classifying/);
  crash();
  expectFailure(await command.ended);

  model.takes(0);
  const again = await place.run(args);
  expect([again.code, resultsOf(again).length]).toEqual([0, 1]);
  expect(again.stderr).toContain('Going on with VideoModeration-');
});
