import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { digestOf } from '../../src/digest.js';
import type { AppealRequest } from '../../src/schema/review.js';
import { applyPolicyTo } from '../../src/temporal/apply-policy.js';
import { openAppeal, submitReview } from '../../src/temporal/reviews.js';
import { cancelTask } from '../../src/temporal/tasks.js';
import { openInstallation, type TestInstallation } from '../support/installation.js';
import {
  answered,
  decisionOf,
  eventsOf,
  policyWith,
  revisionsOf,
  untilReview,
  waitingTask,
} from '../support/waiting-task.js';

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
const policies = new Stop();

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
    const appendRevision: typeof records.appendRevision = (made) =>
      made.origin === 'policy' ? policies.pass(() => records.appendRevision(made)) : records.appendRevision(made);
    return { ...deps, records: { ...records, readings, notifications, appendRevision } };
  });
  await installation.startWorkers();
});
afterEach(() => {
  for (const stop of [basis, messages, policies]) Object.assign(stop, { isShut: false, reached: 0 });
});
afterAll(() => installation.close());

const handleOf = (taskId: string) => installation.client.workflow.getHandle(taskId);
const appealBy = (appellant: string): AppealRequest => ({ appealId: randomUUID(), appellant, reason: null });
const submit = (taskId: string, decision: ReturnType<typeof decisionOf>) =>
  answered(() => submitReview(installation.tasks, taskId, decision));

async function facts(taskId: string) {
  const { records } = installation;
  return [(await records.findTask(taskId))!, (await records.latestRevision(taskId))!] as const;
}

async function appealed(taskId: string, appeal: AppealRequest) {
  const known = await facts(taskId);
  return answered(() => openAppeal(installation.tasks, ...known, appeal));
}

/** Has a policy decide a task by which nothing that was seen of it matters. */
async function applied(taskId: string) {
  const policy = policyWith({});
  const detectors = { nsfwjs: { review: 1 }, 'open-nsfw': { review: 1 } };
  const lenient = { ...policy, scenes: { porn: { ...policy.scenes.porn!, detectors } } };
  const application = { decisionId: randomUUID(), policy: lenient, policyDigest: digestOf(lenient) };
  return applyPolicyTo(installation.tasks, ...(await facts(taskId)), application);
}

/** Until this is so. */
async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await sleep(50);
}

/** A task of which there is the machine's verdict alone, and nobody is asked any more. */
async function undecided(): Promise<string> {
  const taskId = await waitingTask(installation);
  await untilReview(installation, taskId, ({ step }) => step === 'waiting');
  await cancelTask(installation.tasks, taskId);
  await expect(handleOf(taskId).result()).rejects.toThrow();
  return taskId;
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

test('of two appeals at once one has the task read again, and the other is refused, however often it is sent', async () => {
  const taskId = await waitingTask(installation);
  await submit(taskId, decisionOf('ann', 'block'));
  await handleOf(taskId).result();
  basis.isShut = true;
  const appeals = [appealBy('uploader'), appealBy('lawyer')];
  const sent = Promise.allSettled(appeals.map((appeal) => appealed(taskId, appeal)));
  await until(() => basis.reached === 2);
  basis.isShut = false;
  const outcomes = await sent;
  expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  const [won, lost] = outcomes[0]!.status === 'fulfilled' ? appeals : [...appeals].reverse();
  expect(await appealed(taskId, won!)).toMatchObject({ step: 'waiting' });
  await expect(appealed(taskId, lost!)).rejects.toThrow('The task is read again already, by another appeal');
  const { records } = installation;
  const opened = await records.audit.page({ taskId, kinds: ['appeal-opened'], limit: 10 });
  expect(opened).toMatchObject([{ actor: won!.appellant }]);
});

test('a policy is refused while what the machine decided is appealed against', async () => {
  const taskId = await undecided();
  await appealed(taskId, appealBy('uploader'));
  await expect(applied(taskId)).rejects.toThrow('The task is appealed against: a person decides it, and no policy.');
  expect(await installation.records.queue.find(taskId)).toMatchObject({ kind: 'appeal' });
});

test('an appeal that is opened while a policy is being applied stays open', async () => {
  const taskId = await undecided();
  policies.isShut = true;
  const recorded = applied(taskId);
  await until(() => policies.reached > 0);
  expect(await appealed(taskId, appealBy('uploader'))).toMatchObject({ step: 'waiting' });
  policies.isShut = false;
  expect(await recorded).toMatchObject({ revision: 2, suggestion: 'pass', step: 'waiting' });
  expect(await installation.records.queue.find(taskId)).toMatchObject({ kind: 'appeal', step: 'waiting' });
  await submit(taskId, decisionOf('bob', 'block', { scenes: { porn: 'block' } }));
  const origins = (await revisionsOf(installation, taskId)).map(({ origin }) => origin);
  expect(origins).toEqual(['machine', 'policy', 'appeal']);
});
