import { immClient, refusalOf, resultOf } from '../support/imm-client.js';
import { openService, PROJECT, type TestService } from '../support/service.js';

let service: TestService;
beforeAll(async () => {
  service = await openService();
});
afterAll(async () => {
  await service.close();
});

const get = (taskId: unknown) => ({ ProjectName: PROJECT, TaskType: 'VideoModeration', TaskId: String(taskId) });
const VIDEO = { ProjectName: PROJECT, SourceURI: 'oss://clips/parrot.mp4', Scenes: '["porn"]', UserData: 'u' };

/** Ends a task without a trace: workers that come later have nothing to do for it. */
const forget = (taskId: unknown) => service.installation.client.workflow.getHandle(String(taskId)).terminate();

// The client gives up after 3 s by itself: whatever it answers came before.
test('a task that no worker has seen yet runs: it is neither hung on nor unknown', async () => {
  const call = immClient(service, 'openapi-client', { readTimeoutMs: undefined });
  const { TaskId, EventId } = await call('CreateVideoModerationTask', VIDEO);
  const running = { TaskId, EventId, UserData: 'u', Status: 'Running', ProjectName: PROJECT };
  expect(await call('GetVideoModerationResult', get(TaskId))).toMatchObject(running);
  expect(await call('GetTask', get(TaskId))).toMatchObject({ ...running, Progress: 0 });
  await forget(TaskId);
});

test('what is of another type, or nowhere, is not found also then', async () => {
  const call = immClient(service);
  const { TaskId } = await call('CreateVideoModerationTask', VIDEO);
  const asImage = { ...get(TaskId), TaskType: 'ImageModeration' };
  expect((await refusalOf(call('GetImageModerationResult', asImage))).code).toBe('ResourceNotFound');
  const nowhere = get('VideoModeration-none');
  expect((await refusalOf(call('GetVideoModerationResult', nowhere))).code).toBe('ResourceNotFound');
  await forget(TaskId);
});

test('a finished task is answered from the store', async () => {
  const call = immClient(service);
  const workers = await service.installation.startWorkers();
  const { TaskId } = await call('CreateVideoModerationTask', { ...VIDEO, MaxFrames: '5' });
  const result = await resultOf(call, PROJECT, TaskId);
  await workers.stop();
  expect(result).toMatchObject({ Status: 'Succeeded' });
  const again = await call('GetVideoModerationResult', get(TaskId));
  expect({ ...again, RequestId: result['RequestId'] }).toEqual(result);
});
