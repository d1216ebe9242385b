import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tsToMs } from '@temporalio/common/lib/time.js';
import { applyPolicyTo } from '../../src/temporal/apply-policy.js';
import { PARROT } from '../support/clips.js';
import { openInstallation, start, until, type TestInstallation } from '../support/installation.js';

let installation: TestInstallation;
let directory: string;
/** A task that waits for a person. */
let waiting: string;
beforeAll(async () => {
  installation = await openInstallation();
  await installation.startWorkers();
  waiting = await start(installation, PARROT);
  await until(installation, waiting, 'waiting');
  directory = await mkdtemp(join(tmpdir(), 'framewarden-'));
});
afterAll(async () => {
  await installation.close();
  await rm(directory, { recursive: true, force: true });
});

/** How often and how long an activity of a workflow is tried, by what Temporal was asked for. */
async function triesOf(workflowId: string, activity: string) {
  const { events } = await installation.client.workflow.getHandle(workflowId).fetchHistory();
  const asked = (events ?? [])
    .map(({ activityTaskScheduledEventAttributes: attributes }) => attributes)
    .find((attributes) => attributes?.activityType?.name === activity);
  if (asked == null) throw new Error(`Expected ${workflowId} to have asked for ${activity}`);
  return {
    attempts: asked.retryPolicy?.maximumAttempts,
    longestWaitMs: tsToMs(asked.retryPolicy?.maximumInterval),
    attemptMs: tsToMs(asked.startToCloseTimeout),
    silenceMs: tsToMs(asked.heartbeatTimeout),
  };
}

/** As Temporal says that there is no bound. */
const WITHOUT_END = 0;

test('how a task ended is recorded without end of tries: no outage of the store loses it', async () => {
  const noVideo = join(directory, 'no-video.mp4');
  await writeFile(noVideo, 'no video');
  const failing = await start(installation, noVideo);
  await until(installation, failing, 'verdict');
  const bounds = { attempts: WITHOUT_END, longestWaitMs: 30_000 };
  expect(await triesOf(failing, 'recordFailure')).toMatchObject(bounds);
  expect(await triesOf(waiting, 'recordVerdict')).toMatchObject(bounds);
});

test('a purge may take an hour, in which it tells that it goes on', async () => {
  const workflowId = 'purge';
  const { moderation: taskQueue } = installation.tasks.queues;
  await installation.client.workflow.execute('purgeEnded', { workflowId, taskQueue, args: [] });
  expect(await triesOf(workflowId, 'purgeEnded')).toMatchObject({ attemptMs: 3_600_000, silenceMs: 300_000 });
});

test('a policy that is applied to a task whose observations are gone is refused at the first attempt', async () => {
  const { records, blobs } = installation;
  const { task, revision } = (await records.findResult(waiting))!;
  for (const { digest } of await records.observationChunks(waiting)) await blobs.delete(digest);
  const { policy, policyDigest } = task.request;
  const application = { decisionId: randomUUID(), policy, policyDigest };
  await expect(applyPolicyTo(installation.tasks, task, revision!, application)).rejects.toMatchObject({
    cause: { cause: { type: 'BlobNotFoundError' } },
  });
});
