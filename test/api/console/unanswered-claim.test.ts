import { joined } from '../../support/console.js';
import { eventually } from '../../support/cli.js';
import { openService, PROJECT, type TestService } from '../../support/service.js';
import { queuedTask } from '../../support/waiting-task.js';

let service: TestService;
beforeAll(async () => {
  service = await openService();
});
afterAll(async () => {
  await service.close();
});

test('whoever is told that nobody answers holds nothing later: the task is for the next who asks', async () => {
  const { installation, endpoint } = service;
  const { records } = installation;
  const workers = await installation.startWorkers();
  const taskId = await queuedTask(installation, { qualityShare: 0 }, { projectName: PROJECT });
  await workers.stop();
  const [ann, bea] = await Promise.all(['ann', 'bea'].map((name) => joined({ endpoint, records }, name)));
  expect((await ann!.ask('POST', '/queue/next', { body: {} })).body).toMatchObject({ code: 'TemporalUnavailable' });

  // What was sent meanwhile is heard now.
  await installation.startWorkers();
  await eventually(async () => {
    const { body } = await bea!.ask('POST', '/queue/next', { body: {} });
    return body['taskId'] === taskId;
  }, 'the next one to get the task');
  expect(await records.queue.claimOf(taskId)).toMatchObject({ reviewer: 'bea' });
});
