import { randomUUID } from 'node:crypto';
import type { Revision } from '../../src/schema/verdict.js';
import type { Policy } from '../../src/schema/policy.js';
import type { ReviewDecision } from '../../src/schema/review.js';
import { digestOf } from '../../src/digest.js';
import { applyPolicyTo } from '../../src/temporal/apply-policy.js';
import { openAppeal, submitReview as sendReview } from '../../src/temporal/reviews.js';
import { getModerationResult, review, submitReview } from '../../src/workflows/messages.js';
import { PARROT } from '../support/clips.js';
import { openInstallation, start, until, type TestInstallation } from '../support/installation.js';
import { POLICY } from '../support/verdicts.js';
import { answered, waitingTask } from '../support/waiting-task.js';

// Only key frames: the review is what is tested, and the parrot is suspicious on those too.
const QUICK = { options: { sampling: 'keyframe' as const } };

let installation: TestInstallation;
beforeAll(async () => {
  installation = await openInstallation();
  await installation.startWorkers();
});
afterAll(() => installation.close());

const handleOf = (taskId: string) => installation.client.workflow.getHandle(taskId);

function decision(suggestion: 'pass' | 'block', decisionId: string = randomUUID()): ReviewDecision {
  return { decisionId, suggestion, reviewer: 'ann', reason: 'A parrot.' };
}

async function submit(taskId: string, decided: ReviewDecision) {
  return handleOf(taskId).executeUpdate(submitReview, { args: [decided], updateId: decided.decisionId });
}

/** The same as the service sends it, until it is answered. */
const send = (taskId: string, decided: ReviewDecision) =>
  answered(() => sendReview(installation.tasks, taskId, decided));

/** The reason that the service was given for a refusal. */
async function refusal(sent: Promise<unknown>): Promise<string> {
  return sent.then(
    () => 'accepted',
    (error: unknown) => String((error as { cause?: Error }).cause?.message),
  );
}

const facts = async (taskId: string) =>
  [(await installation.records.findTask(taskId))!, (await installation.records.latestRevision(taskId))!] as const;

async function revisions(taskId: string): Promise<Pick<Revision, 'revision' | 'origin' | 'reviewer'>[]> {
  const all = await installation.records.revisions(taskId);
  return all.map(({ revision, origin, reviewer }) => ({ revision, origin, reviewer }));
}

test("a decision that arrives before there is a verdict is refused; a person's update after it makes the second revision, and the workflow is over", async () => {
  const taskId = await start(installation, PARROT, QUICK);
  expect(await refusal(submit(taskId, decision('pass')))).toContain('not waiting for a review');
  await until(installation, taskId, 'waiting');
  expect(await revisions(taskId)).toHaveLength(1);
  expect(await submit(taskId, decision('pass'))).toEqual({ revision: 2, suggestion: 'pass', step: 'decided' });
  await handleOf(taskId).result();
  const body = await handleOf(taskId).query(getModerationResult);
  expect(body).toMatchObject({ Status: 'Succeeded', ModerationResult: { Suggestion: 'pass', Categories: [] } });
  expect(await revisions(taskId)).toEqual([
    { revision: 1, origin: 'machine', reviewer: null },
    { revision: 2, origin: 'person', reviewer: 'ann' },
  ]);
});

test('start and end of the machine do not change with a review', async () => {
  const taskId = await waitingTask(installation);
  const before = await handleOf(taskId).query(getModerationResult);
  await submit(taskId, decision('block'));
  const after = await handleOf(taskId).query(getModerationResult);
  expect([after.StartTime, after.EndTime]).toEqual([before.StartTime, before.EndTime]);
});

test('a signal decides as an update does, and keeps the frames of a block', async () => {
  const taskId = await waitingTask(installation);
  await handleOf(taskId).signal(review, decision('block'));
  await handleOf(taskId).result();
  const latest = await installation.records.latestRevision(taskId);
  expect(latest).toMatchObject({
    revision: 2,
    origin: 'person',
    verdict: { suggestion: 'block', categories: ['porn'] },
  });
  expect(latest!.verdict.blockFrames.length).toBeGreaterThan(0);
});

test('a malformed decision is refused and changes nothing', async () => {
  const taskId = await waitingTask(installation);
  const malformed = { ...decision('pass'), suggestion: 'maybe' as 'pass' };
  expect(await refusal(submit(taskId, malformed))).toContain('pass or block');
  expect(await revisions(taskId)).toHaveLength(1);
});

test('the same decision sent twice is one revision', async () => {
  const taskId = await waitingTask(installation);
  const decided = decision('pass');
  await handleOf(taskId).signal(review, decided);
  await handleOf(taskId).signal(review, decided);
  await handleOf(taskId).result();
  expect(await revisions(taskId)).toHaveLength(2);
});

test('a deadline makes the outcome that the policy names, marked as such', async () => {
  const taskId = await waitingTask(installation, { deadline: '1s', onDeadline: 'block' });
  await handleOf(taskId).result();
  expect(await installation.records.latestRevision(taskId)).toMatchObject({
    revision: 2,
    origin: 'deadline',
    verdict: { suggestion: 'block' },
  });
});

test('a deadline whose outcome is review leaves the verdict as it is', async () => {
  const taskId = await waitingTask(installation, { deadline: '1s', onDeadline: 'review' });
  await handleOf(taskId).result();
  expect(await revisions(taskId)).toHaveLength(1);
});

test('a finished task is read again on appeal, under the same id, and not by who decided it', async () => {
  const taskId = await waitingTask(installation, { qualityShare: 0 });
  await submit(taskId, decision('block'));
  await handleOf(taskId).result();
  const [task, latest] = await facts(taskId);
  const appeal = { appealId: randomUUID(), appellant: 'uploader', reason: 'It is a parrot.' };
  const opened = () => answered(() => openAppeal(installation.tasks, task, latest, appeal));
  expect(await opened()).toMatchObject({ step: 'waiting', readers: [] });
  expect(await opened()).toMatchObject({ step: 'waiting' });
  expect(await installation.records.queue.find(taskId)).toMatchObject({ kind: 'appeal', readers: ['ann'] });
  const again = decision('pass');
  await expect(send(taskId, again)).rejects.toThrow('ann has decided the task before');
  const byBob = { ...decision('pass'), reviewer: 'bob' };
  expect(await send(taskId, byBob)).toEqual({ revision: 3, suggestion: 'pass', step: 'decided' });
  await handleOf(taskId).result();
  expect((await revisions(taskId)).map(({ origin }) => origin)).toEqual(['machine', 'person', 'appeal']);
  expect(await installation.records.queue.find(taskId)).toBeNull();
});

test('another policy is applied to a waiting task and ends the wait, but never supersedes a person', async () => {
  const lenient: Policy = {
    ...POLICY,
    scenes: {
      porn: {
        ...POLICY.scenes.porn!,
        detectors: { nsfwjs: { review: 1, block: 1 }, 'open-nsfw': { review: 1, block: 1 } },
      },
    },
  };
  const application = { decisionId: randomUUID(), policy: lenient, policyDigest: digestOf(lenient) };
  const [applied, decided] = [await waitingTask(installation), await waitingTask(installation)];
  const recorded = await applyPolicyTo(installation.tasks, ...(await facts(applied)), application);
  expect(recorded).toEqual({ revision: 2, suggestion: 'pass', step: 'none' });
  expect(await installation.records.queue.find(applied)).toBeNull();
  expect((await revisions(applied)).at(-1)).toMatchObject({ origin: 'policy' });

  await submit(decided, decision('block'));
  await handleOf(decided).result();
  const sent = applyPolicyTo(installation.tasks, ...(await facts(decided)), {
    ...application,
    decisionId: randomUUID(),
  });
  await expect(sent).rejects.toThrow('not over a decision');
  expect((await revisions(decided)).map(({ origin }) => origin)).toEqual(['machine', 'person']);
});
