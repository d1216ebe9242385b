import { writeFileSync } from 'node:fs';
import { stringify } from 'yaml';
import { build } from '../support/build.js';
import { commandPlace, eventually, type CommandPlace } from '../support/cli.js';
import { refusalOf, resultOf, type Call } from '../support/imm-client.js';
import { longParrot } from '../support/make-video.js';
import { callAs, endInGrace, serving, type Ready, type Serving } from '../support/serving.js';
import { slowModel, type SlowModel } from '../support/slow-model.js';

beforeAll(build);

describe('a configured service', () => {
  const ENV = { FRAMEWARDEN_SECRET_KEY: 'a secret of thirty-two signs ....' };
  let place: CommandPlace;
  let model: SlowModel;
  let path: string;
  let args: string[];
  beforeAll(async () => {
    place = await commandPlace();
    path = place.path('service.yaml');
    args = ['serve', '--config', path, '--json'];
    longParrot(place.path('long.mp4'), 4);
    model = await slowModel(place.path('models'), 0);
    configure();
  });
  afterAll(async () => {
    await place.remove();
    await model.close();
  });

  function configure(change: Record<string, unknown> = {}): void {
    const allowAll = { Version: '1', Statement: [{ Effect: 'Allow', Action: 'imm:*', Resource: '*' }] };
    const config = {
      version: 1,
      listen: { port: 0 },
      accounts: [{ id: '42', users: [{ name: 'ann', policies: [allowAll] }] }],
      projects: [{ name: 'clips', account: '42' }],
      sources: { buckets: [{ match: 'videos', directory: place.root }] },
      models: 'models',
    };
    writeFileSync(path, stringify({ ...config, ...change }));
  }

  let key: Ready | undefined;
  const newCall = async (endpoint: string): Promise<Call> => {
    key ??= JSON.parse(
      (await place.run(['key', 'create', '--account', '42', '--user', 'ann', '--json'], ENV)).stdout,
    ) as Ready;
    return callAs(endpoint, key);
  };

  test('has all faults of its configuration named, each with its place, what was expected and what was found', async () => {
    expect(await place.run(['config', 'check', path])).toMatchObject({
      code: 0,
      stdout: `${path} can be used: 1 accounts, 1 projects, 0 topics, 1 models.\n`,
      stderr: expect.stringMatching(/^FRAMEWARDEN_SECRET_KEY is not set here: .*\n$/) as string,
    });
    expect(await place.run(['config', 'check', path], ENV)).toMatchObject({ code: 0, stderr: '' });
    const odd = {
      Version: '1',
      Statement: [{ Effect: 'Allow', Action: ['imm:Fly', 'imm:Get*', 'oss:*'], Resource: '*' }],
    };
    configure({
      accounts: [{ id: '42', users: [{ name: 'ann', policies: [odd] }] }],
      sources: { buckets: [{ match: 'videos', directory: '/nope' }] },
    });
    const warned = await place.run(['config', 'check', path], ENV);
    expect([warned.code, warned.stderr.trimEnd().split('\n')]).toEqual([
      0,
      [
        'sources.buckets.0.directory: expected a directory that is there, got "/nope", where there is none now.',
        expect.stringMatching(
          /^accounts\.0\.users\.0\.policies\.0\.Statement\.0: .* got "imm:Fly", which is none\.$/,
        ) as string,
      ],
    ]);
    configure();
    const wrong = place.path('wrong.yaml');
    writeFileSync(
      wrong,
      stringify({
        version: 2,
        listen: { port: 70_000 },
        accounts: [{ id: 'x' }],
        projects: [{ name: '1st', account: '42', limits: { openTasks: 0 } }],
        sources: { buckets: [{ match: 'videos', secretary: 1 }] },
        unknown: true,
      }),
    );
    const checked = await place.run(['config', 'check', wrong]);
    const started = await place.run(['serve', '--config', wrong], ENV);
    for (const { code, stdout, stderr } of [checked, started]) {
      expect([code, stdout]).toEqual([2, '']);
      for (const fault of [
        /^ {2}version: .*expected 2?1?.*, got 2\.$/m,
        /^ {2}listen\.port: .*65535.*, got 70000\.$/m,
        /^ {2}accounts\.0\.id: Expected an account id of 1-32 digits, got "x"\.$/m,
        /^ {2}projects\.0\.name: Expected a project name.*, got "1st"\.$/m,
        /^ {2}projects\.0\.limits\.openTasks: .*1, got 0\.$/m,
        /^ {2}sources\.buckets\.0.*secretary/m,
        /^ {2}\(top level\): .*unknown/m,
      ])
        expect(stderr).toMatch(fault);
    }
  });

  let service: Serving;

  test('takes a changed configuration on SIGHUP, and stays as it was when that is wrong', async () => {
    configure({ accounts: [{ id: '42', users: [{ name: 'ann' }] }] });
    service = await serving(place, args, ENV);
    const { command, ready } = service;
    expect(Object.keys(ready)).not.toContain('accessKeySecret');
    const call = await newCall(ready.endpoint);
    const list = () => call('ListTasks', { ProjectName: 'clips' });
    expect((await refusalOf(list())).code).toBe('NoPermission');

    configure();
    command.kill('SIGHUP');
    await command.tells(/service\.yaml is in force\.\n/);
    expect(await list()).toMatchObject({ ProjectName: 'clips' });
    // What it listens on, and the models, are those that it was started with.
    configure({ listen: { port: 0, host: 'localhost', trustedProxies: ['10.0.0.1'] }, models: undefined });
    command.kill('SIGHUP');
    await command.tells(/ is in force\. From the next start on: listen\.host, listen\.trustedProxies, models\.\n/);
    expect(await list()).toMatchObject({ ProjectName: 'clips' });

    configure({ accounts: [{ id: '42' }], region: 'NO SUCH' });
    command.kill('SIGHUP');
    await command.tells(/The configuration stays as it was\.[^]*region: .*got "NO SUCH"/);
    expect(await list()).toMatchObject({ ProjectName: 'clips' });
  });

  test('killed, it leaves nothing running, and the next one goes on with its tasks', async () => {
    configure();
    // In the middle of its segment it goes no further.
    model.takes(100);
    const call = await newCall(service.ready.endpoint);
    const { TaskId } = await call('CreateVideoModerationTask', {
      ProjectName: 'clips',
      SourceURI: 'oss://videos/long.mp4',
      Scenes: '["terrorism"]',
    });
    const named = { ProjectName: 'clips', TaskType: 'VideoModeration', TaskId: String(TaskId) };
    await eventually(async () => Number((await call('GetTask', named))['Progress']) > 0, 'samples to be classified');
    model.takes(120_000);
    service.command.kill('SIGKILL');
    await service.command.ended;
    await eventually(() => place.programs().length === 0, 'every program to end');
    model.takes(0);

    const next = await serving(place, args, ENV);
    const result = await resultOf(await newCall(next.ready.endpoint), 'clips', TaskId);
    expect(result).toMatchObject({
      TaskId,
      Status: 'Succeeded',
      ModerationResult: { Frames: { TotalCount: expect.any(Number) as number } },
    });
    await endInGrace(place, next);
  });
});
