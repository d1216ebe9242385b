import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AppealRequest } from '../../src/schema/review.js';
import { openAppeal, submitReview } from '../../src/temporal/reviews.js';
import { openInstallation, type TestInstallation } from '../support/installation.js';
import { answered, decisionOf, eventsOf, waitingTask } from '../support/waiting-task.js';

/** What a review writes or reads, which a test may stop; and how often it got there. */
class Stop {
  isShut = false;
  reached = 0;
  async pass<Answer>(work: () => Promise<Answer>): Promise<Answer> {
    this.reached++;
    while (this.isShut) await sleep(20);
    return await work();
  }
}
const basis = new Stop();
const messages = new Stop();

let installation: TestInstallation;
beforeAll(async () => {
  installation = await openInstallation((deps) => {
    const { records } = deps;
    const readings = {
      ...records.readings,
      ofTask: (taskId: string) => basis.pass(() => records.readings.ofTask(taskId)),
    };
    const notifications: typeof records.notifications = {
      ...records.notifications,
      keep: (made) => messages.pass(() => records.notifications.keep(made)),
    };
    return { ...deps, records: { ...records, readings, notifications } };
  });
  await installation.startWorkers();
});
afterEach(() => {
  for (const stop of [basis, messages]) Object.assign(stop, { isShut: false, reached: 0 });
});
afterAll(() => installation.close());

const handleOf = (taskId: string) => installation.client.workflow.getHandle(taskId);
const appealBy = (appellant: string): AppealRequest => ({ appealId: randomUUID(), appellant, reason: null });
const submit = (taskId: string, decision: ReturnType<typeof decisionOf>) =>
  answered(() => submitReview(installation.tasks, taskId, decision));

async function appealed(taskId: string, appeal: AppealRequest) {
  const { records, tasks } = installation;
  const [task, latest] = [(await records.findTask(taskId))!, (await records.latestRevision(taskId))!];
  return answered(() => openAppeal(tasks, task, latest, appeal));
}

/** Until this is so. */
async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await sleep(50);
}

/** Whether nothing of a task is under way but this activity. */
async function awaitsOnly(taskId: string, activity: string): Promise<boolean> {
  const { status, raw } = await handleOf(taskId).describe();
  const under = (raw.pendingActivities ?? []).map(({ activityType }) => activityType?.name);
  return status.name !== 'RUNNING' || (raw.pendingWorkflowTask == null && under.join() === activity);
}

/** The plan of a project that has an object of its own written for each verdict. */
function plan() {
  const object = { kind: 'object' as const, uri: 'oss://results/parrot.json' };
  const { notifications: queue } = installation.tasks.queues;
  return { requestId: 'R', region: 'local', accountId: '42', destinations: [object], queue };
}

test('an appeal that is accepted while the last message about a decision is being kept is heard', async () => {
  const taskId = await waitingTask(installation, {}, { notify: plan() });
  messages.isShut = true;
  await submit(taskId, decisionOf('ann', 'block'));
  const { runId } = await handleOf(taskId).describe();
  await until(() => messages.reached > 0);
  basis.isShut = true;
  const opened = appealed(taskId, appealBy('uploader'));
  await until(() => basis.reached > 0);
  messages.isShut = false;
  await until(() => awaitsOnly(taskId, 'reviewBasis'));
  basis.isShut = false;
  expect(await opened).toMatchObject({ step: 'waiting' });
  expect((await handleOf(taskId).describe()).runId).toBe(runId);
  expect(await submit(taskId, decisionOf('bob', 'pass'))).toMatchObject({ revision: 3, step: 'decided' });
  await handleOf(taskId).result();
});

test('a message whose task is ended before it is answered is pending, not refused: sent again it is answered', async () => {
  const taskId = await waitingTask(installation);
  await submit(taskId, decisionOf('ann', 'block'));
  await handleOf(taskId).result();
  basis.isShut = true;
  const appeal = appealBy('uploader');
  const opened = appealed(taskId, appeal);
  await until(() => basis.reached > 0);
  await handleOf(taskId).terminate('A test.');
  basis.isShut = false;
  expect(await opened).toMatchObject({ step: 'waiting' });
  expect(await eventsOf(installation, taskId)).toContain('appeal-opened');
});
