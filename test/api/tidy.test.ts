import { ensurePurgeSchedule } from '../../src/temporal/purge-schedule.js';
import { repairRecords } from '../../src/temporal/repair-records.js';
import {
  openInstallation,
  requestFor,
  samplePath,
  start,
  until,
  type TestInstallation,
} from '../support/installation.js';

let installation: TestInstallation;
beforeAll(async () => {
  installation = await openInstallation();
  await installation.startWorkers();
});
afterAll(async () => {
  await installation.close();
});

const never = new AbortController().signal;
const LONG_AGO = new Date(Date.now() - 8 * 24 * 3_600_000).toISOString();

/** A record of a task that no workflow stands behind. */
async function recorded(): Promise<string> {
  const request = await requestFor(installation, samplePath('realshort.mp4'));
  await installation.records.createTask(request, LONG_AGO);
  return request.taskId;
}

test('a record that says Running of a task that runs nowhere is ended, and one whose workflow is open is not', async () => {
  const lost = await recorded();
  const waiting = await start(installation, samplePath('cockatoo.mp4'));
  await until(installation, waiting, 'classifying');
  expect(await repairRecords(installation.tasks, installation.records, never)).toBe(1);
  expect(await installation.records.findTask(lost)).toMatchObject({ status: 'Failed', code: 'InternalError' });
  expect((await installation.records.findTask(waiting))?.code).toBe('');
  expect(await repairRecords(installation.tasks, installation.records, never)).toBe(0);
});

test('the schedule removes what ended over a week ago and leaves what waits for a person', async () => {
  const old = await recorded();
  await installation.records.endTask(old, { status: 'Succeeded', code: '', message: '', endTime: LONG_AGO });
  const waiting = await start(installation, samplePath('cockatoo.mp4'));
  await until(installation, waiting, 'waiting');
  await ensurePurgeSchedule(installation.tasks);
  await ensurePurgeSchedule(installation.tasks);
  const schedule = installation.client.schedule.getHandle(`purge@${installation.tasks.installation}`);
  await schedule.trigger();
  for (let tries = 0; tries < 300 && (await installation.records.findTask(old)) !== null; tries++)
    await new Promise((resolve) => setTimeout(resolve, 100));
  expect(await installation.records.findTask(old)).toBeNull();
  expect(await installation.records.findTask(waiting)).not.toBeNull();
});
