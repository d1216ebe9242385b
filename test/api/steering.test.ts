import { readProgress } from '../../src/temporal/progress.js';
import { submitReview } from '../../src/temporal/reviews.js';
import type { AccessKey } from '../../src/store/access-keys.js';
import { CLIENTS, immClient, refusalOf, resultOf, type ClientName } from '../support/imm-client.js';
import { ACCOUNT, openService, PROJECT, type TestService } from '../support/service.js';
import { answered, decisionOf, untilReview, waitingTask } from '../support/waiting-task.js';

const POLICIES = [{ Version: '1', Statement: [{ Effect: 'Allow', Action: 'imm:Pause*', Resource: '*' }] }];
const VIDEO = { ProjectName: PROJECT, SourceURI: 'oss://clips/parrot.mp4', Scenes: '["porn"]', MaxFrames: '5' };

let service: TestService;
/** Created and steered before any worker is there, so that nothing of them is done meanwhile. */
let paused: string;
let cancelled: string;
beforeAll(async () => {
  service = await openService({ accounts: [{ id: ACCOUNT, users: [{ name: 'ann', policies: POLICIES }] }] });
  [paused, cancelled] = [await created(), await created()];
  for (const id of [paused, cancelled])
    expect(await as(service.key)('PauseModerationTask', named(id))).toMatchObject({ TaskId: id });
  await as(service.key)('PrioritizeModerationTask', { ...named(paused), Priority: '5' });
  await service.installation.startWorkers();
});
afterAll(async () => {
  await service.close();
});

const as = (key: AccessKey, name?: ClientName) => immClient({ endpoint: service.endpoint, key }, name);
const named = (id: string) => ({ ProjectName: PROJECT, TaskType: 'VideoModeration', TaskId: id });

async function created(): Promise<string> {
  return String((await as(service.key)('CreateVideoModerationTask', VIDEO))['TaskId']);
}

/** Waits until an event of a task is in the audit record, and answers who caused it. */
async function doerOf(taskId: string, kind: string): Promise<unknown> {
  for (let tries = 0; tries < 2400; tries++) {
    const rows = await service.installation.records.audit.page({ taskId, limit: 100 });
    const found = rows.find((row) => row.kind === kind);
    if (found !== undefined) return [found.actor, found.address];
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`Expected ${kind} of ${taskId} in the audit record within two minutes`);
}

const OWNER = [`api:${ACCOUNT}`, '127.0.0.1'];

test('a task that is paused stays at rest and goes on when it is resumed; who asked is written down', async () => {
  expect(await doerOf(paused, 'task-paused')).toEqual(OWNER);
  expect(await doerOf(paused, 'task-prioritised')).toEqual(OWNER);
  expect(await readProgress(service.installation.tasks, paused)).toMatchObject({ isPaused: true, priority: 5 });
  const call = as(service.key);
  expect(await call('GetTask', named(paused))).toMatchObject({ Status: 'Running' });
  expect(await call('ResumeModerationTask', named(paused))).toEqual({
    RequestId: expect.any(String) as string,
    TaskId: paused,
  });
  expect(await resultOf(call, PROJECT, paused)).toMatchObject({ Status: 'Succeeded' });
  expect(await doerOf(paused, 'task-resumed')).toEqual(OWNER);
  for (const action of ['PauseModerationTask', 'ResumeModerationTask'])
    expect(await refusalOf(call(action, named(paused)))).toMatchObject({
      code: 'IncorrectStatus.Task',
      message: expect.stringContaining('to be Running, but it has ended') as string,
    });
});

test('a task that is cancelled ends as failed, and only once', async () => {
  const call = as(service.key);
  expect(await call('CancelModerationTask', named(cancelled))).toMatchObject({ TaskId: cancelled });
  expect(await resultOf(call, PROJECT, cancelled)).toMatchObject({ Status: 'Failed', Code: 'Cancelled' });
  expect(await doerOf(cancelled, 'task-cancelled')).toEqual(OWNER);
  await service.installation.client.workflow
    .getHandle(cancelled)
    .result()
    .catch(() => undefined);
  for (const action of ['CancelModerationTask', 'PrioritizeModerationTask'])
    expect((await refusalOf(call(action, { ...named(cancelled), Priority: '1' }))).code).toBe('IncorrectStatus.Task');
  expect((await refusalOf(call('AppealModerationTask', named(cancelled)))).message).toContain('to have a verdict');
});

test.each(CLIENTS)('an appeal by %s has a decided task read again; the same once more opens none', async (name) => {
  const { installation } = service;
  const taskId = await waitingTask(installation, {}, { projectName: PROJECT });
  await untilReview(installation, taskId, ({ step }) => step === 'waiting');
  const decision = decisionOf('ann', 'block');
  const answer = await answered(() => submitReview(installation.tasks, taskId, decision));
  expect(answer).toMatchObject({ step: 'decided' });
  const call = as(service.key, name);
  const asked = { ...named(taskId), AppealId: 'letter-7', Reason: 'It is a parrot.' };
  const opened = await call('AppealModerationTask', asked);
  expect(opened).toMatchObject({ TaskId: taskId, AppealId: 'letter-7' });
  await untilReview(installation, taskId, ({ step }) => step === 'waiting');
  expect(await call('AppealModerationTask', asked)).toMatchObject({ AppealId: 'letter-7', State: 'Waiting' });
  expect(await doerOf(taskId, 'appeal-opened')).toEqual(OWNER);
  const rows = await installation.records.audit.page({ taskId, limit: 100 });
  expect(rows.filter(({ kind }) => kind === 'appeal-opened')).toHaveLength(1);
  expect((await refusalOf(call('AppealModerationTask', { ...asked, AppealId: 'other' }))).code).toBe(
    'IncorrectStatus.Task',
  );
});

test('what names no task, or a priority that there is not, is refused', async () => {
  const call = as(service.key);
  for (const action of ['Cancel', 'Pause', 'Resume', 'Prioritize', 'Appeal']) {
    const asked = { ...named('VideoModeration-none'), Priority: '1' };
    expect((await refusalOf(call(`${action}ModerationTask`, asked))).code).toBe('ResourceNotFound');
    const untyped = { ProjectName: PROJECT, TaskId: cancelled };
    expect((await refusalOf(call(`${action}ModerationTask`, untyped))).code).toBe('InvalidArgument');
  }
  const prioritise = (more: object) => call('PrioritizeModerationTask', { ...named(cancelled), ...more });
  for (const more of [{}, { Priority: '0' }, { Priority: '6' }, { Priority: '1.5' }])
    expect(await refusalOf(prioritise(more))).toMatchObject({
      code: 'InvalidArgument',
      message: expect.stringContaining('Priority') as string,
    });
  const long = { ...named(cancelled), Reason: 'x'.repeat(2001) };
  expect((await refusalOf(call('AppealModerationTask', long))).code).toBe('LimitExceededError');
});

test('each operation needs a right of its own', async () => {
  const call = as(await service.newKey({ userName: 'ann' }));
  const id = await created();
  expect(await refusalOf(call('CancelModerationTask', named(id)))).toMatchObject({
    code: 'NoPermission',
    accessDeniedDetail: { AuthAction: 'imm:CancelModerationTask' },
  });
  expect(await call('PauseModerationTask', named(id))).toMatchObject({ TaskId: id });
  expect(await doerOf(id, 'task-paused')).toEqual(['api:ann', '127.0.0.1']);
});
