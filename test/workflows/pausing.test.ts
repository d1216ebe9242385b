import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Progress } from '../../src/schema/task.js';
import { readProgress } from '../../src/temporal/progress.js';
import { cancelTask, pauseTask, prioritise, resumeTask } from '../../src/temporal/tasks.js';
import { getModerationResult, getPartialResult } from '../../src/workflows/messages.js';
import { gate } from '../support/gate.js';
import { openInstallation, start, until, type TestInstallation } from '../support/installation.js';
import { longParrot, runFfmpeg, testPicture, x264 } from '../support/make-video.js';
import { eventsOf } from '../support/waiting-task.js';

const held = gate();
let installation: TestInstallation;
let clips: string;
let long: string;
let linear: string;
beforeAll(async () => {
  installation = await openInstallation(held.before);
  await installation.startWorkers();
  clips = await mkdtemp(join(tmpdir(), 'framewarden-clips-'));
  long = join(clips, 'long.mp4');
  linear = join(clips, 'linear.mp4');
  // Two segments: the samples from 56 to 70 are in the second one.
  longParrot(long, 8);
  // With one key frame there is nowhere to begin but at the beginning.
  runFfmpeg(...testPicture({ rate: '5', seconds: 60 }), ...x264(10_000), linear);
});
afterAll(async () => {
  await installation.close();
  await rm(clips, { recursive: true, force: true });
});

const handleOf = (taskId: string) => installation.client.workflow.getHandle(taskId);
const LEAD = { actor: 'lead', address: '192.0.2.1' };
const QUICK = { options: { maxFrames: 3600 } };

/** Asks again and again until the progress of a task, with the number of its activities, is as wanted. */
async function untilProgress(taskId: string, isWanted: (progress: Progress, activities: number) => boolean) {
  for (let tries = 0; tries < 1200; tries++) {
    const progress = await readProgress(installation.tasks, taskId);
    if (progress === null) throw new Error('Expected the task to be open');
    const { raw } = await handleOf(taskId).describe();
    if (isWanted(progress, raw.pendingActivities?.length ?? 0)) return progress;
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
  throw new Error('Expected the progress to become as wanted within three minutes');
}

const isAtRest = ({ isPaused }: Progress, activities: number): boolean => isPaused && activities === 0;

test('a long pass that is paused stops, and goes on later where it was', async () => {
  held.heldFrom = 40;
  const taskId = await start(installation, linear, QUICK);
  await untilProgress(taskId, ({ phase, done }) => phase === 'classifying' && done > 20);
  expect(await pauseTask(installation.tasks, taskId, LEAD)).toBe(true);
  const paused = await untilProgress(taskId, isAtRest);
  expect(paused).toMatchObject({ phase: 'classifying', isPaused: true });
  expect((await installation.records.findTask(taskId))?.status).toBe('Running');
  held.heldFrom = Infinity;
  await resumeTask(installation.tasks, taskId, LEAD);
  const body = await until(installation, taskId, 'verdict');
  expect(body).toMatchObject({ ModerationResult: { Details: { Coverage: { Inspected: paused.total } } } });
  const resumed = (await installation.records.attempts(taskId)).filter(({ attempt }) => attempt > 1000);
  expect(resumed.some(({ from }) => from > 0)).toBe(true);
  expect((await eventsOf(installation, taskId)).slice(0, 2)).toEqual(['task-paused', 'task-resumed']);
  await cancelTask(installation.tasks, taskId);
});

test('what is classified by then tells what could be said of a task that runs, and stays when it is cancelled', async () => {
  held.heldFrom = 70;
  const taskId = await start(installation, long, QUICK);
  await prioritise(installation.tasks, taskId, 1, LEAD);
  await untilProgress(taskId, ({ phase }) => phase === 'classifying');
  while ((await handleOf(taskId).query(getPartialResult)) === null)
    await new Promise((resolve) => setTimeout(resolve, 50));
  await pauseTask(installation.tasks, taskId, LEAD);
  expect(await untilProgress(taskId, isAtRest)).toMatchObject({ priority: 1 });
  expect(await handleOf(taskId).query(getPartialResult)).toMatchObject({
    Status: 'Running',
    ModerationResult: { Details: { Revision: 0, Origin: 'machine' } },
  });
  expect(await handleOf(taskId).query(getModerationResult)).not.toHaveProperty('ModerationResult');
  await cancelTask(installation.tasks, taskId, LEAD);
  await expect(handleOf(taskId).result()).rejects.toThrow();
  expect(await installation.records.findTask(taskId)).toMatchObject({ status: 'Failed', code: 'Cancelled' });
  expect(await installation.records.observationChunks(taskId)).not.toEqual([]);
  expect(await eventsOf(installation, taskId)).toEqual(['task-prioritised', 'task-paused', 'task-cancelled']);
  expect(await pauseTask(installation.tasks, taskId)).toBe(false);
});
