import type { TaskRequest } from '../../src/schema/task.js';
import { startTask } from '../../src/temporal/tasks.js';
import { build } from '../support/build.js';
import { gate } from '../support/gate.js';
import { openInstallation, requestFor, samplePath, type TestInstallation } from '../support/installation.js';

/** Tasks of the project that asks for much: far more than two workers' slots take at once. */
const MANY = 16;

const held = gate();
let installation: TestInstallation;

beforeAll(async () => {
  await build();
  installation = await openInstallation(held.before);
  await installation.startWorkers();
});
afterAll(() => installation.close());

/** A picture of this project; none of them differs from another in anything but that. */
async function requestOf(projectName: string): Promise<TaskRequest> {
  const { taskId, options, ...request } = await requestFor(installation, samplePath('newtonscradle.gif'));
  return {
    ...request,
    projectName,
    taskId: taskId.replace('VideoModeration', 'ImageModeration'),
    taskType: 'ImageModeration',
    options: { ...options, maxFrames: 1 },
  };
}

const open = (): Promise<number> => installation.records.countOpen('much');

/** Waits until so many tasks are begun. */
async function begun(count: number): Promise<void> {
  const recorded = async (): Promise<number> => (await installation.records.countByStatus()).get('Running') ?? 0;
  while ((await recorded()) < count) await new Promise((resolve) => setTimeout(resolve, 50));
}

test('a project that asks for little does not wait for one that asked for much before it', async () => {
  const many = await Promise.all(Array.from({ length: MANY }, () => requestOf('much')));
  const little = await requestOf('little');
  held.heldFrom = 0;
  await Promise.all(many.map((request) => startTask(installation.tasks, request)));
  // Only what is begun stands in the queue that both are served from.
  await begun(MANY);
  await startTask(installation.tasks, little);
  await begun(MANY + 1);
  expect(await open()).toBe(MANY);
  held.heldFrom = Infinity;
  await installation.client.workflow.getHandle(little.taskId).result();
  // First come, first served would leave next to none open: the few slots alternate between the projects instead.
  expect(await open()).toBeGreaterThan(MANY / 2);
  await Promise.all(many.map(({ taskId }) => installation.client.workflow.getHandle(taskId).result()));
});
