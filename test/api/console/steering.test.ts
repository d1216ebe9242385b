import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { QueueView } from '../../../src/schema/console/queue.js';
import type { ScoresView, TaskView } from '../../../src/schema/console/task.js';
import type { ReviewView } from '../../../src/schema/review.js';
import type { Workers } from '../../../src/worker.js';
import { CLIPS } from '../../support/clips.js';
import { consoleMember, type ConsoleMember } from '../../support/console-member.js';
import { gate } from '../../support/gate.js';
import { longParrot } from '../../support/make-video.js';
import { started } from '../../support/moderated.js';
import { until, type TestInstallation } from '../../support/installation.js';
import { ACCOUNT, openService, PROJECT, type TestService } from '../../support/service.js';
import { queuedTask, revisionsOf } from '../../support/waiting-task.js';

const held = gate();
let service: TestService;
let installation: TestInstallation;
let [ann, lea, lou, max]: ConsoleMember[] = [];
let clips: string;
let workers: Workers;

beforeAll(async () => {
  clips = await mkdtemp(join(tmpdir(), 'framewarden-clips-'));
  longParrot(join(clips, 'half-minute.mp4'), 2);
  // Two segments: the samples from 56 on are in the second one.
  longParrot(join(clips, 'long.mp4'), 8);
  const config = {
    projects: [
      { name: PROJECT, account: ACCOUNT },
      { name: 'other', account: ACCOUNT },
    ],
    sources: {
      buckets: [
        { match: 'clips', directory: CLIPS },
        { match: 'uploads', directory: clips },
      ],
    },
  };
  service = await openService(config, held.before);
  ({ installation } = service);
  workers = await installation.startWorkers();
  ann = await consoleMember(service, 'ann', 'reviewer', [PROJECT]);
  lea = await consoleMember(service, 'lea', 'lead', [PROJECT]);
  lou = await consoleMember(service, 'lou', 'lead', [PROJECT]);
  max = await consoleMember(service, 'max', 'lead', ['other']);
});

afterAll(async () => {
  await service.close();
  await rm(clips, { recursive: true, force: true });
});

/** A task of the project that waits for a person. */
const waiting = (): Promise<string> => queuedTask(installation, {}, { projectName: PROJECT });

/** A task of the project whose samples are being classified. */
async function running(name: string): Promise<string> {
  const taskId = await started(service, `oss://uploads/${name}`);
  await viewed(taskId, ({ progress }) => progress?.phase === 'classifying');
  return taskId;
}

const view = (taskId: string): Promise<TaskView> => lea!.get<TaskView>(`/tasks/${taskId}`);
/** The answer tells how far the task is where its worker says so in time. */
async function steer(taskId: string, action: string, more: Record<string, unknown> = {}): Promise<void> {
  const answer = await lea!.ask('POST', `/tasks/${taskId}/steer`, { action, ...more });
  expect([200, 202]).toContain(answer.status);
  if (answer.status === 200) expect(await answer.json()).toMatchObject({ phase: expect.any(String) as string });
}

/** Looks at a task again and again until it is as wanted; before its record is there nobody can. */
async function viewed(taskId: string, isWanted: (view: TaskView) => boolean): Promise<TaskView> {
  for (let tries = 0; tries < 1200; tries++) {
    const answer = await lea!.ask('GET', `/tasks/${taskId}`);
    const seen = (await answer.json()) as TaskView;
    if (answer.ok && isWanted(seen)) return seen;
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
  throw new Error(`Expected ${taskId} to become as wanted within three minutes`);
}

/** Waits until nothing of a paused task is under way any more. */
async function atRest(taskId: string): Promise<void> {
  const handle = installation.client.workflow.getHandle(taskId);
  for (let tries = 0; tries < 1200; tries++) {
    if (((await handle.describe()).raw.pendingActivities ?? []).length === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`Expected ${taskId} to be at rest within a minute`);
}

/** Who did what to a task, oldest first. */
async function doersOf(taskId: string): Promise<unknown[]> {
  const rows = await installation.records.audit.page({ taskId, limit: 100 });
  return rows.map(({ kind, actor, address }) => [kind, actor, address]).reverse();
}

test('only leads of its project steer a task or have it read again', async () => {
  const taskId = await waiting();
  for (const [path, body] of [
    ['steer', { action: 'cancel' }],
    ['appeal', { appealId: 'letter-1', reason: null }],
  ] as const) {
    const [denied, hidden] = [
      await ann!.ask('POST', `/tasks/${taskId}/${path}`, body),
      await max!.ask('POST', `/tasks/${taskId}/${path}`, body),
    ];
    expect([denied.status, await denied.json()]).toMatchObject([403, { code: 'Forbidden' }]);
    expect([hidden.status, await hidden.json()]).toMatchObject([404, { code: 'NotFound' }]);
  }
  expect((await view(taskId)).review.step).toBe('waiting');
  for (const body of [{ action: 'stop' }, { action: 'prioritise', priority: 6 }, { action: 'prioritise' }])
    expect((await lea!.ask('POST', `/tasks/${taskId}/steer`, body)).status).toBe(400);
});

test('a paused task stops, and once resumed comes to the verdict that it would have come to', async () => {
  held.heldFrom = 10;
  const plain = await running('half-minute.mp4');
  const taskId = await running('half-minute.mp4');
  await steer(taskId, 'pause');
  await atRest(taskId);
  const paused = await viewed(taskId, ({ progress }) => progress?.isPaused === true);
  expect(paused).toMatchObject({ status: 'Running', progress: { phase: 'classifying' }, may: { steer: true } });
  expect(paused.progress!.done).toBeLessThan(paused.progress!.total);
  await steer(taskId, 'prioritise', { priority: 1 });
  await viewed(taskId, ({ progress }) => progress?.priority === 1 && progress.isPaused);
  held.heldFrom = Infinity;
  await steer(taskId, 'resume');
  const verdictOf = async (id: string) => {
    await until(installation, id, 'verdict');
    const { verdict } = (await installation.records.latestRevision(id))!;
    return verdict;
  };
  expect(await verdictOf(taskId)).toEqual(await verdictOf(plain));
  // Their evidence is being kept, which nothing is asked of here.
  for (const id of [plain, taskId]) await installation.client.workflow.getHandle(id).cancel();
  expect((await doersOf(taskId)).filter((row) => /task-(?!seen)/.test(String(row)))).toEqual([
    ['task-paused', 'lea', '127.0.0.1'],
    ['task-prioritised', 'lea', '127.0.0.1'],
    ['task-resumed', 'lea', '127.0.0.1'],
  ]);
});

test('what was found of a task that runs is seen, also once it is cancelled', async () => {
  held.heldFrom = 70;
  const taskId = await running('long.mp4');
  const found = await viewed(taskId, ({ result }) => result.ModerationResult !== undefined);
  expect(found).toMatchObject({
    status: 'Running',
    result: { Status: 'Running', ModerationResult: { Details: { Revision: 0, Origin: 'machine' } } },
  });
  await steer(taskId, 'cancel');
  held.heldFrom = Infinity;
  await expect(installation.client.workflow.getHandle(taskId).result()).rejects.toThrow();
  const cancelled = await view(taskId);
  expect(cancelled).toMatchObject({ status: 'Failed', code: 'Cancelled', progress: null, may: { steer: false } });
  // Nothing decided it: what is told is what could be said by then.
  expect(cancelled.result).toMatchObject({ Status: 'Failed', ModerationResult: { Details: { Revision: 0 } } });
  expect(cancelled.review.step).toBe('none');
  expect(cancelled.detectors.find(({ name }) => name === 'nsfwjs')!.highest).toBeGreaterThan(0);
  const { curves } = await lea!.get<ScoresView>(`/tasks/${taskId}/scores`);
  expect(curves.flatMap(({ points }) => points).length).toBeGreaterThan(0);
  expect(await doersOf(taskId)).toContainEqual(['task-cancelled', 'lea', '127.0.0.1']);
  const again = await lea!.ask('POST', `/tasks/${taskId}/steer`, { action: 'cancel' });
  expect(again.status).toBe(204);
});

test('a paused task is shown as paused also while nobody has time to tell how far it is, and may be resumed then', async () => {
  held.heldFrom = 10;
  const taskId = await running('half-minute.mp4');
  await steer(taskId, 'pause');
  await atRest(taskId);
  // What its workflow has written down of it is there before anybody is away.
  await viewed(taskId, ({ history }) => history.some(({ text }) => text === 'task-paused'));
  await workers.stop();
  expect(await view(taskId)).toMatchObject({ status: 'Running', progress: null, isPaused: true });
  expect((await lea!.ask('POST', `/tasks/${taskId}/steer`, { action: 'resume' })).status).toBe(202);
  workers = await installation.startWorkers();
  await viewed(taskId, ({ progress, isPaused }) => progress !== null && !isPaused);
  await viewed(taskId, ({ history }) => history.some(({ text }) => text === 'task-resumed'));
  await workers.stop();
  expect(await view(taskId)).toMatchObject({ status: 'Running', progress: null, isPaused: false });
  workers = await installation.startWorkers();
  await steer(taskId, 'cancel');
  held.heldFrom = Infinity;
  await expect(installation.client.workflow.getHandle(taskId).result()).rejects.toThrow();
  expect(await view(taskId)).toMatchObject({ status: 'Failed', progress: null, isPaused: false });
});

test('whoever steers a task that has ended, or that Temporal has forgotten, is told that there was nothing to steer', async () => {
  const { records } = installation;
  const ended = await waiting();
  await installation.client.workflow.getHandle(ended).cancel();
  await expect(installation.client.workflow.getHandle(ended).result()).rejects.toThrow();
  const forgotten = `${ended}-forgotten`;
  const { request, startTime } = (await records.findTask(ended))!;
  await records.createTask({ ...request, taskId: forgotten }, startTime);
  const actions = [
    { action: 'pause' },
    { action: 'resume' },
    { action: 'prioritise', priority: 1 },
    { action: 'cancel' },
  ];
  for (const body of actions) {
    const status = async (id: string) => (await lea!.ask('POST', `/tasks/${id}/steer`, body)).status;
    expect([body, await status(ended), await status(forgotten)]).toEqual([body, 204, 204]);
    const unknown = await lea!.ask('POST', '/tasks/VideoModeration-none/steer', body);
    expect([unknown.status, await unknown.json()]).toMatchObject([404, { code: 'NotFound' }]);
  }
  expect((await doersOf(ended)).filter((row) => /task-(paused|resumed|prioritised)/.test(String(row)))).toEqual([]);
});

test('an appeal puts a passed task into the queue again, for somebody who has not decided it', async () => {
  const taskId = await waiting();
  const decision = { decisionId: 'd-1', suggestion: 'pass', reasonCode: 'false-alarm', reason: null };
  await lou!.post(`/tasks/${taskId}/decide`, decision);
  await installation.client.workflow.getHandle(taskId).result();
  expect(await view(taskId)).toMatchObject({ review: { step: 'decided' }, may: { appeal: true, claim: false } });
  const appeal = { appealId: 'letter-7', reason: 'It is no parrot.' };
  for (let twice = 0; twice < 2; twice++)
    expect(await lea!.post<ReviewView>(`/tasks/${taskId}/appeal`, appeal)).toMatchObject({ step: 'waiting' });
  const rowFor = async (who: ConsoleMember) =>
    (await who.get<QueueView>('/queue')).rows.find((row) => row.taskId === taskId);
  expect(await rowFor(ann!)).toMatchObject({ kind: 'appeal', step: 'waiting', mayTake: true });
  expect(await rowFor(lou!)).toMatchObject({ kind: 'appeal', mayTake: false });
  const refused = await lou!.ask('POST', `/tasks/${taskId}/claim`);
  expect([refused.status, await refused.json()]).toMatchObject([409, { code: 'ReviewRefused' }]);
  const other = await lea!.ask('POST', `/tasks/${taskId}/appeal`, { appealId: 'letter-8', reason: null });
  expect([other.status, await other.json()]).toMatchObject([409, { code: 'ReviewRefused' }]);
  await ann!.post(`/tasks/${taskId}/decide`, {
    ...decision,
    decisionId: 'd-2',
    suggestion: 'block',
    reasonCode: 'illegal',
  });
  expect((await revisionsOf(installation, taskId)).map(({ origin, reviewer }) => [origin, reviewer])).toEqual([
    ['machine', null],
    ['person', 'lou'],
    ['appeal', 'ann'],
  ]);
  expect(await doersOf(taskId)).toContainEqual(['appeal-opened', 'lea', '127.0.0.1']);
});
