import { randomUUID } from 'node:crypto';
import { openAppeal, submitReview, withdrawReview } from '../../src/temporal/reviews.js';
import { review } from '../../src/workflows/messages.js';
import { openInstallation, type TestInstallation } from '../support/installation.js';
import { answered, decisionOf, eventsOf, revisionsOf, untilReview, waitingTask } from '../support/waiting-task.js';

let installation: TestInstallation;
beforeAll(async () => {
  installation = await openInstallation();
  await installation.startWorkers();
});
afterAll(() => installation.close());

const handleOf = (taskId: string) => installation.client.workflow.getHandle(taskId);
const submit = (taskId: string, decision: ReturnType<typeof decisionOf>) =>
  answered(() => submitReview(installation.tasks, taskId, decision));

test('a decision is kept as a revision, a reading and events, and takes the task out of the queue', async () => {
  const taskId = await waitingTask(installation, { qualityShare: 0 });
  const decision = decisionOf('ann', 'block', { reasonCode: 'violates-policy' });
  expect(await submit(taskId, decision)).toEqual({ revision: 2, suggestion: 'block', step: 'decided' });
  await handleOf(taskId).result();
  expect(await installation.records.queue.find(taskId)).toBeNull();
  expect(await installation.records.readings.ofTask(taskId)).toEqual([
    expect.objectContaining({
      ...{ readingId: decision.decisionId, reviewer: 'ann', kind: 'first', machine: 'review', person: 'block' },
      reasonCode: 'violates-policy',
      scenes: [
        {
          ...{ scene: 'porn', machine: 'review', person: 'block' },
          thresholds: [
            { detector: 'nsfwjs', review: 0.5, block: 0.8 },
            { detector: 'open-nsfw', review: 0.5, block: 0.7 },
          ],
        },
      ],
    }),
  ]);
  expect(await eventsOf(installation, taskId)).toEqual(['task-read', 'verdict-recorded']);
  const latest = await installation.records.latestRevision(taskId);
  expect(latest?.verdict.reasons[0]).toBe('ann decided block: violates-policy; A parrot.');
});

test('a task of two is decided once two people agree, and not twice by one', async () => {
  const taskId = await waitingTask(installation, { reading: 'two' });
  const first = await submit(taskId, decisionOf('ann', 'block'));
  expect(first).toEqual({ revision: 1, suggestion: 'review', step: 'waiting' });
  await expect(submit(taskId, decisionOf('ann', 'block'))).rejects.toThrow('somebody else has to read it');
  expect(await installation.records.queue.find(taskId)).toMatchObject({ step: 'waiting', readers: ['ann'] });
  expect(await submit(taskId, decisionOf('bob', 'pass'))).toMatchObject({ step: 'waiting' });
  expect(await submit(taskId, decisionOf('cleo', 'block'))).toMatchObject({ revision: 2, step: 'decided' });
  expect((await installation.records.latestRevision(taskId))?.verdict.reasons[0]).toContain(
    'ann and cleo decided block',
  );
  const kinds = (await installation.records.readings.ofTask(taskId)).map(({ kind }) => kind);
  expect(kinds).toEqual(['first', 'second', 'second']);
});

test('where two differ and a lead is to judge, a lead does', async () => {
  const taskId = await waitingTask(installation, { reading: 'adjudicated' });
  await submit(taskId, decisionOf('ann', 'block'));
  await submit(taskId, decisionOf('bob', 'pass'));
  expect(await installation.records.queue.find(taskId)).toMatchObject({ level: 'lead', readers: ['ann', 'bob'] });
  await expect(submit(taskId, decisionOf('dan', 'pass', { as: 'reviewer' }))).rejects.toThrow('only a lead');
  expect(await submit(taskId, decisionOf('cleo', 'pass', { as: 'lead' }))).toMatchObject({ step: 'decided' });
  const readings = await installation.records.readings.ofTask(taskId);
  expect(readings.at(-1)).toMatchObject({ reviewer: 'cleo', kind: 'adjudication' });
});

test('a decision counts once it can no longer be withdrawn', async () => {
  const [held, over] = [await waitingTask(installation), await waitingTask(installation)];
  const decision = decisionOf('ann', 'pass', { undoMs: 60_000 });
  expect(await submit(held, decision)).toEqual({ revision: 1, suggestion: 'review', step: 'held' });
  expect(await installation.records.queue.find(held)).toMatchObject({ step: 'held' });
  await expect(submit(held, decisionOf('bob', 'block'))).rejects.toThrow('ann has decided the task a moment ago');
  expect(await revisionsOf(installation, held)).toHaveLength(1);

  await submit(over, decisionOf('ann', 'pass', { undoMs: 100 }));
  await handleOf(over).result();
  expect(await revisionsOf(installation, over)).toMatchObject([{}, { origin: 'person', reviewer: 'ann' }]);
});

test('a decision that is withdrawn in time leaves no trace but that', async () => {
  const taskId = await waitingTask(installation);
  const decision = decisionOf('ann', 'pass', { undoMs: 60_000 });
  await submit(taskId, decision);
  const withdrawal = { decisionId: decision.decisionId };
  const withdraw = (reviewer: string) =>
    answered(() => withdrawReview(installation.tasks, taskId, { ...withdrawal, reviewer }));
  await expect(withdraw('bob')).rejects.toThrow("ann's");
  expect(await withdraw('ann')).toBe('done');
  expect(await installation.records.queue.find(taskId)).toMatchObject({ step: 'waiting', readers: [] });
  expect(await installation.records.readings.ofTask(taskId)).toEqual([]);
  expect(await eventsOf(installation, taskId)).toEqual(['decision-withdrawn']);
  expect(await submit(taskId, decisionOf('ann', 'block'))).toMatchObject({ revision: 2, step: 'decided' });
});

test('the same decision, sent in every way there is, is one reading', async () => {
  const taskId = await waitingTask(installation, { reading: 'two' });
  const decision = decisionOf('ann', 'block');
  await handleOf(taskId).signal(review, decision);
  expect(await submit(taskId, decision)).toMatchObject({ step: 'waiting' });
  await handleOf(taskId).signal(review, decision);
  expect(await submit(taskId, decision)).toMatchObject({ step: 'waiting' });
  expect(await installation.records.readings.ofTask(taskId)).toHaveLength(1);
});

test('a share of what is decided is put up for a reading that nobody knows of', async () => {
  const taskId = await waitingTask(installation, { qualityShare: 1 });
  await submit(taskId, decisionOf('ann', 'pass'));
  await handleOf(taskId).result();
  expect(await installation.records.queue.find(taskId)).toMatchObject({ kind: 'quality', readers: ['ann'] });
});

test('an appeal of what a machine decided is read by anybody, and one that nobody hears changes nothing', async () => {
  const taskId = await waitingTask(installation, { onDeadline: 'pass', deadline: '1s' });
  await handleOf(taskId).result();
  const record = (await installation.records.findTask(taskId))!;
  const latest = (await installation.records.latestRevision(taskId))!;
  expect(latest).toMatchObject({ origin: 'deadline', verdict: { suggestion: 'pass', categories: [] } });
  const appeal = { appealId: randomUUID(), appellant: 'uploader', reason: null };
  await answered(() => openAppeal(installation.tasks, record, latest, appeal));
  await untilReview(installation, taskId, ({ step }) => step === 'expired');
  await handleOf(taskId).result();
  expect(await revisionsOf(installation, taskId)).toHaveLength(2);

  const second = { ...appeal, appealId: randomUUID(), reason: 'It was a parrot.' };
  const opened = await answered(() => openAppeal(installation.tasks, record, latest, second));
  expect(opened).toMatchObject({ notes: [{ kind: 'appeal', by: 'uploader', reason: 'It was a parrot.' }] });
  expect(await submit(taskId, decisionOf('ann', 'block'))).toMatchObject({ revision: 3, suggestion: 'block' });
  // What the machine had found is the evidence again.
  const again = await installation.records.latestRevision(taskId);
  expect(again).toMatchObject({ origin: 'appeal', verdict: { categories: ['porn'] } });
  expect(again?.verdict.blockFrames.length).toBeGreaterThan(0);
  expect((await installation.records.readings.ofTask(taskId))[0]?.kind).toBe('appeal');
});
