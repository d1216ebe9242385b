import { Client } from '@temporalio/client';
import { ReadAhead } from '../../../src/api/console/read-ahead.js';
import { eventually } from '../../support/cli.js';
import { openInstallation, type TestInstallation } from '../../support/installation.js';
import { queuedTask } from '../../support/waiting-task.js';
import { makeRequest, makeRevision, makeVerdict } from '../../store/make-records.js';

const EARLIER = new Date(Date.now() - 3_600_000).toISOString();
const EVERYTHING = { projects: null, order: 'age' } as const;

let installation: TestInstallation;
let workers: { stop(): Promise<void> };
beforeAll(async () => {
  installation = await openInstallation();
  workers = await installation.startWorkers();
});
afterAll(async () => {
  await installation.close();
});

/** One of its own, and the tasks that it asked so far, in their order. */
function readAhead(): { ahead: ReadAhead; asked: string[]; said: string[] } {
  const { tasks, records } = installation;
  const [asked, said]: string[][] = [[], []];
  const client = new Client({
    connection: tasks.client.connection,
    namespace: tasks.client.options.namespace,
    interceptors: {
      workflow: [
        {
          async query(input, next) {
            const answer = await next(input);
            asked!.push(input.workflowExecution.workflowId);
            return answer;
          },
        },
      ],
    },
  });
  const log = (_level: string, message: string): void => void said!.push(message);
  const ahead = new ReadAhead({ records, tasks: () => ({ ...tasks, client }), log });
  return { ahead, asked: asked!, said: said! };
}

test('the tasks that wait are got ready once each, however many ask for the next one', async () => {
  const waiting = [await queuedTask(installation), await queuedTask(installation)];
  const { ahead, asked } = readAhead();
  for (let n = 0; n < 20; n++) ahead.of(EVERYTHING);
  await eventually(() => waiting.every((taskId) => asked.includes(taskId)), 'both to be asked');
  waiting.push(await queuedTask(installation));
  ahead.of(EVERYTHING);
  await eventually(() => waiting.every((taskId) => asked.includes(taskId)), 'the third one to be asked');
  expect(asked.sort()).toEqual(waiting.sort());
});

test('nothing but what the query shows is asked', async () => {
  const elsewhere = await queuedTask(installation, {}, { projectName: 'elsewhere' });
  const { ahead, asked } = readAhead();
  ahead.of({ ...EVERYTHING, projects: ['elsewhere'] });
  await eventually(() => asked.includes(elsewhere), 'that one to be asked');
  expect(asked).toEqual([elsewhere]);
});

test('second readings and a row that was left behind, which no workflow knows of, do not keep the next task from being got ready', async () => {
  const { records } = installation;
  const read = ['VideoModeration-1', 'VideoModeration-2'];
  const left = 'VideoModeration-3';
  for (const taskId of [...read, left]) {
    await records.createTask(makeRequest(taskId, { projectName: 'rows' }), EARLIER);
    await records.appendRevision(makeRevision(taskId, { verdict: makeVerdict('review') }));
  }
  for (const taskId of read) await records.queue.addQuality({ taskId, openedAt: EARLIER, readers: [] });
  const state = { step: 'waiting', level: 'reviewer', claim: null, dueAt: null } as const;
  await records.queue.put({ taskId: left, kind: 'review', openedAt: EARLIER, sequence: 1, readers: [], ...state });
  const next = await queuedTask(installation, {}, { projectName: 'rows' });
  const { ahead, asked, said } = readAhead();
  await eventually(() => {
    ahead.of({ ...EVERYTHING, projects: ['rows'] });
    return asked.includes(next);
  }, 'the next one to be asked');
  expect({ asked, said }).toEqual({ asked: [next], said: [] });
});

test('while no worker is there, it is given up, and made up for once one is back', async () => {
  await workers.stop();
  const { ahead, asked, said } = readAhead();
  ahead.of(EVERYTHING);
  await installation.startWorkers();
  await eventually(() => {
    ahead.of(EVERYTHING);
    return asked.length > 1;
  }, 'tasks to be asked');
  expect(said).toEqual([]);
});
