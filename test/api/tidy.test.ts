import { ensurePurgeSchedule } from '../../src/temporal/purge-schedule.js';
import { purgeOld } from '../../src/cli/purge-old.js';
import { purgeQueue } from '../../src/store/purge-queue.js';
import { repairRecords } from '../../src/store/repair-records.js';
import { openAppeal } from '../../src/temporal/reviews.js';
import { isStillOpen } from '../../src/temporal/task-state.js';
import { cancelTask, openTasks } from '../../src/temporal/tasks.js';
import { makeRevision } from '../store/make-records.js';
import { eventually } from '../support/cli.js';
import { PARROT } from '../support/clips.js';
import {
  openInstallation,
  requestFor,
  samplePath,
  start,
  until,
  type TestInstallation,
} from '../support/installation.js';
import { waitingTask } from '../support/waiting-task.js';

let installation: TestInstallation;
beforeAll(async () => {
  installation = await openInstallation();
  await installation.startWorkers();
});
afterAll(async () => {
  await installation.close();
});

const watch = { isOpen: (taskId: string) => isStillOpen(installation.tasks, taskId), step: () => undefined };
const LONG_AGO = new Date(Date.now() - 8 * 24 * 3_600_000).toISOString();

/** A record of a task that no workflow stands behind. */
async function recorded(): Promise<string> {
  const request = await requestFor(installation, samplePath('realshort.mp4'));
  await installation.records.createTask(request, LONG_AGO);
  return request.taskId;
}

test('a record that says Running of a task that runs nowhere is ended, and one whose workflow is open is not', async () => {
  const lost = await recorded();
  const waiting = await start(installation, PARROT);
  await until(installation, waiting, 'classifying');
  expect(await repairRecords(installation.records, watch)).toBe(1);
  expect(await installation.records.findTask(lost)).toMatchObject({ status: 'Failed', code: 'InternalError' });
  expect((await installation.records.findTask(waiting))?.code).toBe('');
  expect(await repairRecords(installation.records, watch)).toBe(0);
  await cancelTask(installation.tasks, waiting);
});

const repairQueue = () => purgeQueue(installation.records.queue, watch);

/** Whether a task is in the queue. */
const isQueued = async (taskId: string): Promise<boolean> => (await installation.records.queue.find(taskId)) !== null;

test('what waits in the queue and nowhere else is taken out at the start; what a workflow waits for stays', async () => {
  const [ended, waiting] = [await queued(), await queued()];
  await installation.client.workflow.getHandle(ended).terminate();
  expect(await repairQueue()).toBe(1);
  expect([await isQueued(ended), await isQueued(waiting)]).toEqual([false, true]);
  // An appeal brings it back: a later state is shown.
  const { task, revision } = (await installation.records.findResult(ended))!;
  const appeal = { appealId: 'a', appellant: 'owner', reason: null };
  await openAppeal(installation.tasks, task, revision!, appeal);
  await eventually(() => isQueued(ended), 'what is appealed against in the queue');
  expect(await repairQueue()).toBe(0);
});

/** A task that waits for a person, as a run leaves it that goes on in another one, with its entry in the queue. */
async function queued(): Promise<string> {
  const taskId = await waitingTask(installation);
  const entry = { step: 'waiting', level: 'reviewer', claim: null, dueAt: null } as const;
  const openedAt = new Date().toISOString();
  await installation.records.queue.put({ ...entry, readers: [], taskId, kind: 'review', openedAt, sequence: 1 });
  return taskId;
}

test('what a command removes is not what is appealed against, however long ago it ended', async () => {
  const { records, tasks } = installation;
  const [old, appealed] = [await endedLongAgo(), await endedLongAgo()];
  const { task, revision } = (await records.findResult(appealed))!;
  await openAppeal(tasks, task, revision!, { appealId: 'late', appellant: 'owner', reason: null });
  const logged: string[] = [];
  const session = {
    ...installation,
    role: () => 'owner' as const,
    tasks: () => tasks,
    log: (message: string) => void logged.push(message),
  };
  await purgeOld(session, await openTasks(tasks), new AbortController().signal);
  expect(logged).toEqual([]);
  expect([await records.findTask(old), await records.findTask(appealed)]).toEqual([null, expect.anything()]);
});

/** A task with a verdict, long over. */
async function endedLongAgo(): Promise<string> {
  const taskId = await recorded();
  await installation.records.appendRevision(makeRevision(taskId));
  await installation.records.endTask(taskId, { status: 'Succeeded', code: '', message: '', endTime: LONG_AGO });
  return taskId;
}

test('the schedule removes what ended over a week ago, leaves what waits for a person, and ends the records of what runs nowhere', async () => {
  const [old, lost] = [await recorded(), await recorded()];
  await installation.records.endTask(old, { status: 'Succeeded', code: '', message: '', endTime: LONG_AGO });
  const [waiting, ended] = [await queued(), await queued()];
  await installation.client.workflow.getHandle(ended).terminate();
  await ensurePurgeSchedule(installation.tasks);
  await ensurePurgeSchedule(installation.tasks);
  const schedule = installation.client.schedule.getHandle(`purge@${installation.tasks.installation}`);
  await schedule.trigger();
  for (let tries = 0; tries < 300 && (await installation.records.findTask(old)) !== null; tries++)
    await new Promise((resolve) => setTimeout(resolve, 100));
  expect(await installation.records.findTask(old)).toBeNull();
  expect(await installation.records.findTask(waiting)).not.toBeNull();
  expect(await installation.records.findTask(lost)).toMatchObject({ status: 'Failed', code: 'InternalError' });
  expect([await isQueued(ended), await isQueued(waiting)]).toEqual([false, true]);
});
