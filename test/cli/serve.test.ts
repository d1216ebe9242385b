import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { DEV_ACCOUNT_ID, newAccessKey } from '../../src/auth/new-access-key.js';
import { devHelp } from '../../src/cli/dev-help.js';
import { build, ROOT } from '../support/build.js';
import { commandPlace, resultsOf, type CommandPlace } from '../support/cli.js';
import { refusalOf, resultOf } from '../support/imm-client.js';
import { samplePath } from '../support/installation.js';
import { callAs, endInGrace, serving, type Ready, type Serving } from '../support/serving.js';
import { makeRequest, makeRevision, makeVerdict } from '../store/make-records.js';

const DEV = ['serve', '--dev', '--json', '--port', '0'];

const get = async (endpoint: string, path: string) => {
  const answer = await fetch(`http://${endpoint}${path}`);
  return { status: answer.status, type: answer.headers.get('content-type'), text: await answer.text() };
};

beforeAll(build);

describe('a development server', () => {
  let place: CommandPlace;
  let first: Serving;
  beforeAll(async () => {
    place = await commandPlace();
    first = await serving(place, DEV);
  });
  afterAll(() => place.remove());

  const GIF = { ProjectName: 'demo', SourceURI: 'oss://samples/newtonscradle.gif', MaxFrames: '3', Scenes: '["porn"]' };

  test('needs no configuration: the line that it prints is enough to call it', async () => {
    const keys = ['endpoint', 'accessKeyId', 'accessKeySecret', 'project', 'consoleUrl', 'firstAdminUrl'];
    expect(Object.keys(first.ready)).toEqual(keys);
    expect(first.ready).toMatchObject({
      endpoint: expect.stringMatching(/^127\.0\.0\.1:\d+$/) as string,
      project: 'demo',
    });
    const { TaskId } = await first.call('CreateImageModerationTask', GIF);
    expect(await resultOf(first.call, 'demo', TaskId)).toMatchObject({ Status: 'Succeeded' });
  });

  test('whoever opens the link that it prints becomes the first admin of its console, once', async () => {
    const { endpoint, consoleUrl, firstAdminUrl } = first.ready as Ready &
      Record<'consoleUrl' | 'firstAdminUrl', string>;
    expect(consoleUrl).toBe(`http://${endpoint}/review/`);
    const [, secret = ''] = /^http:\/\/[\d.:]+\/review\/#\/join\/([\w-]{43})$/.exec(firstAdminUrl) ?? [];
    const use = () =>
      fetch(`http://${endpoint}/review/api/links/${secret}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ name: 'ann', password: 'a long password' }),
      });
    const used = await use();
    expect([used.status, await used.json()]).toMatchObject([
      200,
      { member: { name: 'ann', role: 'admin', projects: null }, projects: [{ name: 'demo' }] },
    ]);
    expect((await use()).status).toBe(410);
  });

  test('is alone on its data directory, and beside one on another', async () => {
    const again = await place.run(DEV);
    expect([again.code, again.stdout]).toEqual([1, '']);
    expect(again.stderr).toContain(
      `framewarden: Expected nobody to work on ${place.dataDir}, but process ${first.command.pid} does: ` +
        'end it first, or choose another directory with --data.\n',
    );
    const elsewhere = await commandPlace();
    try {
      const beside = await serving(elsewhere, DEV);
      expect(beside.ready.accessKeyId).not.toBe(first.ready.accessKeyId);
      for (const { ready } of [first, beside]) expect((await get(ready.endpoint, '/readyz')).status).toBe(200);
      expect((await refusalOf(callAs(beside.ready.endpoint, first.ready)('ListTasks', GIF))).code).toBe(
        'InvalidAccessKeyId.NotFound',
      );
      await endInGrace(elsewhere, beside);
    } finally {
      await elsewhere.remove();
    }
  });

  test('a command on its data directory works with it and leaves it there', async () => {
    const moderated = await place.run(['moderate', samplePath('realshort.mp4'), '--scenes', 'porn', '--json']);
    expect([moderated.code, first.command.hasEnded]).toEqual([0, false]);
    expect(resultsOf(moderated)).toEqual([expect.objectContaining({ Status: 'Succeeded' })]);
    expect((await get(first.ready.endpoint, '/readyz')).status).toBe(200);
  });

  test('tells its operator whether it lives, whether it can work, and what it has counted', async () => {
    const { endpoint } = first.ready;
    expect(await get(endpoint, '/healthz')).toMatchObject({ status: 200, text: '{"status":"ok"}' });
    expect(JSON.parse((await get(endpoint, '/readyz')).text)).toEqual({
      status: 'ready',
      temporal: 'ok',
      store: 'ok',
      blobs: 'ok',
      workers: 'ok',
      notices: [],
    });
    const metrics = await get(endpoint, '/metrics');
    expect(metrics.type).toContain('text/plain; version=0.0.4');
    for (const line of [
      /^framewarden_request_seconds_count\{operation="CreateImageModerationTask",code="OK"\} 1$/m,
      /^framewarden_tasks\{status="Succeeded"\} 2$/m,
      /^framewarden_samples_total [1-9]\d*$/m,
      /^framewarden_queue_wait_seconds_count\{activity="\w+"\} [1-9]\d*$/m,
      /^# TYPE framewarden_notification_attempts_total counter$/m,
    ])
      expect(metrics.text).toMatch(line);
  });

  test('its metrics tell how many tasks wait for a person, by who may take them, and for how long', async () => {
    const { endpoint } = first.ready;
    const waitingIn = async () =>
      (await get(endpoint, '/metrics')).text.split('\n').filter((line) => line.startsWith('framewarden_reviews_'));
    const waiting = (reviewer: number, lead: number) => [
      `framewarden_reviews_waiting{level="reviewer"} ${reviewer}`,
      `framewarden_reviews_waiting{level="lead"} ${lead}`,
    ];
    expect(await waitingIn()).toEqual([...waiting(0, 0), 'framewarden_reviews_oldest_seconds 0']);

    const taskId = 'VideoModeration-11111111-0000-4000-8000-000000000000';
    const hourAgo = new Date(Date.now() - 3_600_000).toISOString();
    const entry = {
      taskId,
      kind: 'review',
      step: 'waiting',
      level: 'lead',
      claim: null,
      readers: [] as string[],
    } as const;
    await place.stores(async ({ records }) => {
      await records.createTask(makeRequest(taskId), hourAgo);
      await records.appendRevision(makeRevision(taskId, { verdict: makeVerdict('review') }));
      await records.endTask(taskId, { status: 'Succeeded', code: '', message: '', endTime: hourAgo });
      await records.queue.put({ ...entry, openedAt: hourAgo, dueAt: null, sequence: 1 });
    });
    const [oldest = '', ...counts] = (await waitingIn()).reverse();
    expect(counts.reverse()).toEqual(waiting(0, 1));
    expect(Number(oldest.split(' ')[1])).toBeGreaterThanOrEqual(3600);
    await place.stores(({ records }) => records.queue.remove(taskId, 2));
    expect(await waitingIn()).toContain('framewarden_reviews_oldest_seconds 0');
  });

  test('the program that it prints as an example waits for the verdict and prints it', async () => {
    const { endpoint, project, accessKeyId, accessKeySecret: secret } = first.ready;
    const key = { ...newAccessKey({ accountId: DEV_ACCOUNT_ID, userName: null }, Date.now()), accessKeyId, secret };
    const help = devHelp({ endpoint, project, key });
    const program = help.slice(help.indexOf('import OpenApi'));
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program], {
      cwd: ROOT,
    });
    expect(JSON.parse(stdout)).toMatchObject({
      Status: 'Succeeded',
      ModerationResult: { Suggestion: expect.any(String) as string },
    });
  });

  test('ended in grace, it keeps what it has accepted, also in that moment, its key and its admin', async () => {
    const creating = Array.from({ length: 6 }, () => first.call('CreateImageModerationTask', GIF));
    const some = await Promise.race(creating);
    const stdout = await endInGrace(place, first);
    expect(stdout.split('\n')).toEqual([JSON.stringify(first.ready), '']);
    const accepted = (await Promise.allSettled(creating)).flatMap((end) =>
      end.status === 'fulfilled' ? [end.value] : [],
    );
    expect(accepted).toContain(some);

    const second = await serving(place, DEV);
    expect(second.ready).toMatchObject({ accessKeySecret: first.ready.accessKeySecret, firstAdminUrl: null });
    for (const { TaskId } of accepted)
      expect(await resultOf(second.call, 'demo', TaskId)).toMatchObject({ Status: 'Succeeded' });
    await endInGrace(place, second);
  });
});
