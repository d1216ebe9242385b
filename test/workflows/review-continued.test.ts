import { randomUUID } from 'node:crypto';
import { claimReview, releaseReview, submitReview } from '../../src/temporal/reviews.js';
import { isOpen, openTasks } from '../../src/temporal/tasks.js';
import { PARROT } from '../support/clips.js';
import { openInstallation, start, until, type TestInstallation } from '../support/installation.js';
import { answered, decisionOf, policyWith, revisionsOf } from '../support/waiting-task.js';

let installation: TestInstallation;
beforeAll(async () => {
  installation = await openInstallation(undefined, undefined, 'limit.historyCount.suggestContinueAsNew=60');
  await installation.startWorkers();
});
afterAll(() => installation.close());

const handleOf = (taskId: string) => installation.client.workflow.getHandle(taskId);

test('a wait with a long history goes on in another run, with all that is known, and is the same task for everybody', async () => {
  const policy = policyWith({ reading: 'two' });
  const options = { sampling: 'keyframe' as const };
  const taskId = await start(installation, PARROT, { options, policy });
  await until(installation, taskId, 'waiting');
  const first = await handleOf(taskId).describe();
  const { tasks } = installation;
  const block = decisionOf('ann', 'block');
  await answered(() => submitReview(tasks, taskId, block));
  let last = first;
  for (let taken = 0; taken < 40 && last.type !== 'reviewTask'; taken++) {
    const claim = { claimId: randomUUID(), reviewer: 'bob', as: 'reviewer' } as const;
    await answered(() => claimReview(tasks, taskId, claim));
    await answered(() => releaseReview(tasks, taskId, { claimId: claim.claimId, reviewer: 'bob' }));
    last = await handleOf(taskId).describe();
  }
  expect(last.type).toBe('reviewTask');
  expect(last.runId).not.toBe(first.runId);
  expect(last.memo).toEqual(first.memo);

  expect((await openTasks(tasks)).map((task) => task.taskId)).toContain(taskId);
  expect(await isOpen(tasks, taskId)).toBe(true);
  expect(await until(installation, taskId, 'waiting')).toMatchObject({ ModerationResult: { Suggestion: 'review' } });
  const again = decisionOf('ann', 'pass');
  await expect(answered(() => submitReview(tasks, taskId, again))).rejects.toThrow('ann has decided');
  expect(await answered(() => submitReview(tasks, taskId, block))).toMatchObject({ step: 'waiting' });
  const settled = await answered(() => submitReview(tasks, taskId, decisionOf('cleo', 'block')));
  expect(settled).toMatchObject({ revision: 2, step: 'decided' });
  await handleOf(taskId).result();
  expect(await revisionsOf(installation, taskId)).toMatchObject([{}, { origin: 'person', reviewer: 'cleo' }]);
});
