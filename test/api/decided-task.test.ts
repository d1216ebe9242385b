import { submitReview } from '../../src/temporal/reviews.js';
import { CLIENTS, immClient } from '../support/imm-client.js';
import { openService, PROJECT, type TestService } from '../support/service.js';
import { decisionOf, untilReview, waitingTask } from '../support/waiting-task.js';

let service: TestService;
beforeAll(async () => {
  service = await openService();
  await service.installation.startWorkers();
});
afterAll(async () => {
  await service.close();
});

test.each(CLIENTS)('by %s the result of a task is what a person has decided, as the second revision', async (name) => {
  const { installation } = service;
  const tags = { client: name.replace(/[^a-zA-Z1]/g, '') };
  const taskId = await waitingTask(installation, {}, { projectName: PROJECT, tags });
  await untilReview(installation, taskId, ({ step }) => step === 'waiting');
  const call = immClient(service, name);
  const named = { ProjectName: PROJECT, TaskType: 'VideoModeration', TaskId: taskId };
  const result = async () => (await call('GetVideoModerationResult', named))['ModerationResult'];
  expect(await result()).toMatchObject({
    Suggestion: 'review',
    Categories: ['porn'],
    Frames: { TotalCount: 20, BlockFrames: [{ Label: 'porn' }, { Label: 'porn' }] },
    Details: { Revision: 1, Origin: 'machine' },
  });
  const scenes = { porn: 'pass', ad: 'block' } as const;
  await submitReview(installation.tasks, taskId, decisionOf('ann', 'block', { scenes }));
  expect(await result()).toMatchObject({
    Suggestion: 'block',
    Categories: ['ad'],
    Frames: { TotalCount: 20, BlockFrames: [] },
    Details: { Revision: 2, Origin: 'person' },
  });
  // Lists tell states, not results: it has succeeded before and after.
  const [listed] = (await call('ListTasks', { ProjectName: PROJECT, TagSelector: `client=${tags.client}` }))[
    'Tasks'
  ] as unknown[];
  for (const told of [listed, await call('GetTask', named)]) {
    expect(told).toMatchObject({ TaskId: taskId, Status: 'Succeeded', Progress: 100, Tags: tags });
    expect(told).not.toHaveProperty('ModerationResult');
  }
});
