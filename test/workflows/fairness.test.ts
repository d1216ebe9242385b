import type { TaskRequest } from '../../src/schema/task.js';
import { startTask } from '../../src/temporal/tasks.js';
import { build } from '../support/build.js';
import { openInstallation, requestFor, samplePath, type TestInstallation } from '../support/installation.js';

/** Tasks of the project that asks for much: far more than two workers' slots take at once. */
const MANY = 16;

let installation: TestInstallation;

beforeAll(async () => {
  await build();
  installation = await openInstallation();
  await installation.startWorkers();
});
afterAll(() => installation.close());

/** A short video of this project; none of them differs from another in anything but that. */
async function requestOf(projectName: string): Promise<TaskRequest> {
  const request = await requestFor(installation, samplePath('realshort.mp4'));
  return { ...request, projectName };
}

const open = (): Promise<number> => installation.records.countOpen('much');

async function recorded(): Promise<number> {
  const byStatus = await installation.records.countByStatus();
  return [...byStatus.values()].reduce((sum, count) => sum + count, 0);
}

test('a project that asks for little does not wait for one that asked for much before it', async () => {
  const many = await Promise.all(Array.from({ length: MANY }, () => requestOf('much')));
  const little = await requestOf('little');
  await Promise.all(many.map((request) => startTask(installation.tasks, request)));
  // Only what is begun stands in the queue that both are served from.
  while ((await recorded()) < MANY) await new Promise((resolve) => setTimeout(resolve, 50));
  const before = await open();
  await startTask(installation.tasks, little);
  await installation.client.workflow.getHandle(little.taskId).result();
  // First come, first served would leave next to none open: the few slots alternate between the projects instead.
  expect(before).toBeGreaterThan(MANY / 2);
  expect(await open()).toBeGreaterThan(before / 2);
  await Promise.all(many.map(({ taskId }) => installation.client.workflow.getHandle(taskId).result()));
});
