import { randomUUID } from 'node:crypto';
import type { ClaimRequest, EscalationRequest, ReleaseRequest, ReviewDecision } from '../../src/schema/review.js';
import { claimReview, escalateReview, releaseReview, submitReview } from '../../src/temporal/reviews.js';
import { eventually } from '../support/cli.js';
import { openInstallation, type TestInstallation } from '../support/installation.js';
import { answered, decisionOf, eventsOf, untilReview, waitingTask } from '../support/waiting-task.js';

let installation: TestInstallation;
beforeAll(async () => {
  installation = await openInstallation();
  await installation.startWorkers();
});
afterAll(() => installation.close());

const claimBy = (reviewer: string, as: ClaimRequest['as'] = 'reviewer') => ({ claimId: randomUUID(), reviewer, as });
const take = (taskId: string, claim: ClaimRequest) => answered(() => claimReview(installation.tasks, taskId, claim));
const submit = (taskId: string, decision: ReviewDecision) =>
  answered(() => submitReview(installation.tasks, taskId, decision));
const release = (taskId: string, given: ReleaseRequest) =>
  answered(() => releaseReview(installation.tasks, taskId, given));
const escalate = (taskId: string, given: EscalationRequest) =>
  answered(() => escalateReview(installation.tasks, taskId, given));
const queued = (taskId: string) => installation.records.queue.find(taskId);

/** What was wrong with a message, for who sent it. */
async function refusal(sent: Promise<unknown>): Promise<string> {
  return sent.then(
    (answer) => `accepted: ${JSON.stringify(answer)}`,
    (error: unknown) => `${(error as Error).name}: ${(error as Error).message}`,
  );
}

test('whoever takes a task has it in the queue before they are answered, and nobody else gets it', async () => {
  const taskId = await waitingTask(installation);
  const claim = { ...claimBy('ann'), sender: { actor: 'ann@example.org', address: '192.0.2.7' } };
  const granted = await take(taskId, claim);
  expect(await queued(taskId)).toMatchObject({ step: 'claimed', claim: granted, project: 'default', scenes: ['porn'] });
  expect(granted).toMatchObject({ claimId: claim.claimId, reviewer: 'ann' });
  expect(await refusal(take(taskId, claimBy('bob')))).toBe('ReviewRefusedError: The task is taken by ann.');
  expect(await refusal(submit(taskId, decisionOf('bob', 'pass')))).toContain('taken by ann');
  expect(await take(taskId, claim)).toEqual(granted);
  const [event] = await installation.records.audit.page({ taskId, limit: 1 });
  expect(event).toMatchObject({ kind: 'task-claimed', actor: 'ann@example.org', address: '192.0.2.7' });
});

test('of many who take a task at once one gets it', async () => {
  const taskId = await waitingTask(installation);
  const answers = await Promise.all(
    Array.from({ length: 8 }, (_, index) => refusal(take(taskId, claimBy(`p${index}`)))),
  );
  expect(answers.filter((answer) => answer.startsWith('accepted'))).toHaveLength(1);
});

test('a task that is given back is for others', async () => {
  const taskId = await waitingTask(installation);
  const claim = claimBy('ann');
  await take(taskId, claim);
  const { claimId } = claim;
  expect(await refusal(release(taskId, { claimId, reviewer: 'bob' }))).toContain('taken by ann');
  expect(await release(taskId, { claimId, reviewer: 'ann' })).toBe('done');
  expect(await queued(taskId)).toMatchObject({ step: 'waiting', claim: null });
  expect(await take(taskId, claimBy('bob'))).toMatchObject({ reviewer: 'bob' });
  expect(await eventsOf(installation, taskId)).toEqual(['task-claimed', 'task-released', 'task-claimed']);
});

test('whoever is silent for longer than the lease loses the task', async () => {
  const taskId = await waitingTask(installation, { lease: '1s' });
  await take(taskId, claimBy('ann'));
  // The workflow knows first; the queue is written after that, and the record last.
  await eventually(async () => (await eventsOf(installation, taskId)).length === 2, 'the end of the lease on record');
  expect(await queued(taskId)).toMatchObject({ step: 'waiting', claim: null });
  expect(await eventsOf(installation, taskId)).toEqual(['task-claimed', 'task-released']);
});

test('a lease that is renewed in the store lasts as long as that says', async () => {
  // Long enough to be renewed on a busy machine.
  const taskId = await waitingTask(installation, { lease: '6s' });
  await untilReview(installation, taskId, ({ step }) => step === 'waiting');
  const claim = claimBy('ann');
  await take(taskId, claim);
  const until = new Date(Date.now() + 9000).toISOString();
  expect(await installation.records.queue.renew(taskId, claim.claimId, until)).toMatchObject({ until });
  const view = await untilReview(installation, taskId, (seen) => seen.claim?.until === until || seen.claim === null);
  expect(view).toMatchObject({ step: 'claimed', claim: { reviewer: 'ann', until } });
  await untilReview(installation, taskId, ({ step }) => step === 'waiting');
});

test('a task that a reviewer leaves to the leads is taken and decided by leads only', async () => {
  const taskId = await waitingTask(installation);
  const claim = claimBy('ann');
  await take(taskId, claim);
  const escalation = { escalationId: randomUUID(), reviewer: 'ann', reason: 'Unsure.', claimId: claim.claimId };
  const left = await escalate(taskId, escalation);
  expect(left).toMatchObject({ step: 'waiting', level: 'lead', claim: null });
  const notes = [{ kind: 'escalation', by: 'ann', reason: 'Unsure.' }];
  expect(left).toMatchObject({ notes });
  expect(await queued(taskId)).toMatchObject({ level: 'lead', step: 'waiting', notes });
  expect(await escalate(taskId, escalation)).toEqual(left);
  expect(await refusal(take(taskId, claimBy('bob')))).toContain('only a lead');
  const byReviewer = decisionOf('bob', 'pass', { as: 'reviewer' });
  expect(await refusal(submit(taskId, byReviewer))).toContain('only a lead');
  await take(taskId, claimBy('cleo', 'lead'));
  const byLead = decisionOf('cleo', 'pass', { as: 'lead' });
  expect(await submit(taskId, byLead)).toMatchObject({ step: 'decided' });
});

test('a task that nobody decides is brought to mind and then left to the leads, each once', async () => {
  const taskId = await waitingTask(installation, { remind: '1s', escalate: '2s' });
  await eventually(async () => (await eventsOf(installation, taskId)).length === 2, 'the escalation on record');
  expect(await queued(taskId)).toMatchObject({ level: 'lead', step: 'waiting' });
  expect(await eventsOf(installation, taskId)).toEqual(['task-reminded', 'task-escalated']);
});
