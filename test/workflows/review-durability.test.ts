import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RecordStore } from '../../src/store/records.js';
import type { ReviewQueue } from '../../src/store/review-queue.js';
import { claimReview, submitReview } from '../../src/temporal/reviews.js';
import { cancelTask, openTasks } from '../../src/temporal/tasks.js';
import type { Workers } from '../../src/worker.js';
import { openInstallation, type TestInstallation } from '../support/installation.js';
import { answered, decisionOf, eventsOf, revisionsOf, untilReview, waitingTask } from '../support/waiting-task.js';

/** Whether the store answers what is written to it about reviews. */
let isDown = false;
/** Whoever writes to the queue while this is set does not learn that it was written. */
let isMute = false;
async function unlessDown<Answer>(write: () => Promise<Answer>): Promise<Answer> {
  if (isDown) throw new Error('The database is away.');
  return await write();
}

let installation: TestInstallation;
let workers: Workers;
beforeAll(async () => {
  installation = await openInstallation((deps) => {
    const { records } = deps;
    const queue: ReviewQueue = {
      ...records.queue,
      put: async (state) => {
        await unlessDown(() => records.queue.put(state));
        if (isMute) throw new Error('The database has gone right after it wrote.');
      },
      remove: (taskId, sequence) => unlessDown(() => records.queue.remove(taskId, sequence)),
    };
    const appendRevision: RecordStore['appendRevision'] = (made) => unlessDown(() => records.appendRevision(made));
    const failing: RecordStore = { ...records, queue, appendRevision };
    return { ...deps, records: failing };
  });
  workers = await installation.startWorkers();
});
afterEach(() => {
  isDown = false;
  isMute = false;
});
afterAll(() => installation.close());

const handleOf = (taskId: string) => installation.client.workflow.getHandle(taskId);

test('while the store is away a decision is pending, is written down later, and its sender learns that', async () => {
  const taskId = await waitingTask(installation);
  const decision = decisionOf('ann', 'pass');
  isDown = true;
  expect(await submitReview(installation.tasks, taskId, decision)).toBe('pending');
  const late = decisionOf('bob', 'block');
  await expect(answered(() => submitReview(installation.tasks, taskId, late))).rejects.toThrow('already decided');
  isDown = false;
  const answer = await answered(() => submitReview(installation.tasks, taskId, decision));
  expect(answer).toEqual({ revision: 2, suggestion: 'pass', step: 'decided' });
});

test('a claim that could not be shown yet is pending, and holds', async () => {
  const taskId = await waitingTask(installation);
  const claim = { claimId: randomUUID(), reviewer: 'ann', as: 'reviewer' } as const;
  isDown = true;
  expect(await claimReview(installation.tasks, taskId, claim)).toBe('pending');
  const other = { ...claim, claimId: randomUUID(), reviewer: 'bob' };
  await expect(answered(() => claimReview(installation.tasks, taskId, other))).rejects.toThrow('taken by ann');
  isDown = false;
  await answered(() => claimReview(installation.tasks, taskId, claim));
  expect(await installation.records.queue.find(taskId)).toMatchObject({ claim: { reviewer: 'ann' } });
});

test('a claim is granted once, by the next worker, where the one before went after it had written the row', async () => {
  const taskId = await waitingTask(installation);
  await untilReview(installation, taskId, ({ step }) => step === 'waiting');
  const claim = { claimId: randomUUID(), reviewer: 'ann', as: 'reviewer' } as const;
  isMute = true;
  const sent = claimReview(installation.tasks, taskId, claim);
  while ((await installation.records.queue.find(taskId))?.step !== 'claimed') await sleep(20);
  await workers.stop();
  expect(await sent).toBe('pending');
  isMute = false;
  workers = await installation.startWorkers();
  const granted = await answered(() => claimReview(installation.tasks, taskId, claim));
  expect(granted).toMatchObject({ claimId: claim.claimId, reviewer: 'ann' });
  expect(await installation.records.queue.find(taskId)).toMatchObject({ claim: granted });
  expect(await eventsOf(installation, taskId)).toEqual(['task-claimed']);
});

test('a task that is cancelled while it waits leaves the queue, and keeps its verdict', async () => {
  const taskId = await waitingTask(installation);
  await cancelTask(installation.tasks, taskId, { actor: 'lead', address: '192.0.2.1' });
  await expect(handleOf(taskId).result()).rejects.toThrow();
  expect(await installation.records.queue.find(taskId)).toBeNull();
  expect(await revisionsOf(installation, taskId)).toHaveLength(1);
  const [event] = await installation.records.audit.page({ taskId, limit: 1 });
  expect(event).toMatchObject({ kind: 'task-cancelled', actor: 'lead', address: '192.0.2.1' });
});

test('a decision that could still be withdrawn counts when the task is cancelled', async () => {
  const taskId = await waitingTask(installation);
  const held = decisionOf('ann', 'block', { undoMs: 60_000 });
  await answered(() => submitReview(installation.tasks, taskId, held));
  await cancelTask(installation.tasks, taskId);
  await expect(handleOf(taskId).result()).rejects.toThrow();
  expect(await revisionsOf(installation, taskId)).toMatchObject([{}, { origin: 'person', reviewer: 'ann' }]);
  expect(await eventsOf(installation, taskId)).toEqual(['task-read', 'verdict-recorded']);
});

test('a decision that is being written down is, although the task is cancelled meanwhile', async () => {
  const taskId = await waitingTask(installation);
  const decision = decisionOf('ann', 'block');
  isDown = true;
  expect(await submitReview(installation.tasks, taskId, decision)).toBe('pending');
  await cancelTask(installation.tasks, taskId);
  isDown = false;
  await expect(handleOf(taskId).result()).rejects.toThrow();
  expect(await revisionsOf(installation, taskId)).toHaveLength(2);
});

test('a task whose wait goes on in another run is open for everybody', async () => {
  const taskId = await waitingTask(installation);
  const isListed = async () => (await openTasks(installation.tasks)).some((task) => task.taskId === taskId);
  // What is listed follows what is there a moment later.
  while (!(await isListed())) await sleep(50);
  await untilReview(installation, taskId, ({ step }) => step === 'waiting');
  await cancelTask(installation.tasks, taskId);
});
