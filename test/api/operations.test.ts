import { CLIENTS, immClient, refusalOf, resultOf, type Body, type Call } from '../support/imm-client.js';
import { openService, PROJECT, type TestService } from '../support/service.js';

let service: TestService;
beforeAll(async () => {
  service = await openService();
  await service.installation.startWorkers();
});
afterAll(async () => {
  await service.close();
});

const VIDEO = { ProjectName: PROJECT, SourceURI: 'oss://clips/parrot.mp4', Scenes: '["porn"]' };
const TASK = { ProjectName: PROJECT, TaskType: 'VideoModeration', TaskId: 'x' };

describe.each(CLIENTS)("Alibaba's %s, unmodified,", (name) => {
  const call: Call = (action, query) => immClient(service, name)(action, query);
  const tag = name.replace(/[^a-zA-Z1]/g, '');
  const asked = { ...VIDEO, UserData: '{"id": "ü ~*()!"}', Tags: JSON.stringify({ client: tag, n: 7 }), Interval: '2' };
  let created: Body;
  let result: Body;
  beforeAll(async () => {
    created = await call('CreateVideoModerationTask', asked);
    result = await resultOf(call, PROJECT, created['TaskId']);
  });

  test('moderates a video and reads its result', () => {
    expect(created).toEqual({
      RequestId: expect.stringMatching(/^[0-9A-F-]{36}$/) as string,
      TaskId: expect.stringMatching(/^VideoModeration-[0-9a-f-]{36}$/) as string,
      EventId: expect.stringMatching(/^[0-9A-F]{3}-[0-9A-Za-z]{27}$/) as string,
    });
    expect(result).toMatchObject({
      ProjectName: PROJECT,
      TaskId: created['TaskId'],
      EventId: created['EventId'],
      TaskType: 'VideoModeration',
      UserData: '{"id": "ü ~*()!"}',
      Status: 'Succeeded',
      Code: '',
      Message: '',
      ModerationResult: {
        URI: 'oss://clips/parrot.mp4',
        Suggestion: 'review',
        Categories: ['porn'],
        Frames: { TotalCount: 7 },
      },
    });
  });

  test('finds a task by its tags and reads what was asked for', async () => {
    const { TaskId } = created;
    const page = await call('ListTasks', {
      ProjectName: PROJECT,
      TagSelector: `client=${tag}&n=7`,
      TaskTypes: '["VideoModeration"]',
      Sort: 'StartTime',
      Order: 'DES',
      RequestDefinition: 'True',
    });
    expect(page).toMatchObject({ ProjectName: PROJECT, MaxResults: '1' });
    expect(page['NextToken']).toBeUndefined();
    expect(page['Tasks']).toEqual([
      expect.objectContaining({ TaskId, Status: 'Succeeded', Tags: { client: tag, n: '7' }, Progress: 100 }),
    ]);
    const task = await call('GetTask', { ...TASK, TaskId: String(TaskId), RequestDefinition: 'true' });
    expect(JSON.parse(String(task['TaskRequestDefinition']))).toEqual(asked);
    expect(task).not.toHaveProperty('ModerationResult');
  });

  test('moderates an image', async () => {
    const asked = { ProjectName: PROJECT, SourceURI: 'oss://samples/newtonscradle.gif', MaxFrames: '3' };
    const { TaskId } = await call('CreateImageModerationTask', asked);
    expect(await resultOf(call, PROJECT, TaskId)).toMatchObject({
      TaskType: 'ImageModeration',
      Status: 'Succeeded',
      ModerationResult: {
        Frames: { TotalCount: 3 },
        Details: { Scenes: { Inspected: ['porn', 'ad'], NotInspected: ['terrorism'] } },
      },
    });
  });

  test('is told that an object is missing by a failed task, in seconds', async () => {
    const SourceURI = 'oss://samples/a b?c#d%.mp4';
    const { TaskId } = await call('CreateVideoModerationTask', { ...VIDEO, SourceURI });
    expect(await resultOf(call, PROJECT, TaskId)).toMatchObject({
      Status: 'Failed',
      Code: 'SourceNotFound',
      Message: expect.stringContaining(SourceURI) as string,
    });
  });

  test.each([
    ['a parameter is missing', 'CreateVideoModerationTask', { ProjectName: PROJECT }, 'InvalidArgument'],
    ['a number is out of range', 'CreateVideoModerationTask', { ...VIDEO, Interval: '601' }, 'InvalidArgument'],
    ['JSON does not parse', 'CreateVideoModerationTask', { ...VIDEO, Scenes: '[porn]' }, 'InvalidJSON'],
    ['a scene is unknown', 'CreateVideoModerationTask', { ...VIDEO, Scenes: '["gore"]' }, 'InvalidArgument'],
    [
      'UserData has 2,049 bytes',
      'CreateVideoModerationTask',
      { ...VIDEO, UserData: `${'ü'.repeat(1024)}x` },
      'LimitExceededError',
    ],
    [
      'a bucket is not configured',
      'CreateVideoModerationTask',
      { ...VIDEO, SourceURI: 'oss://other/a.mp4' },
      'InvalidArgument',
    ],
    [
      'a role is not configured',
      'CreateVideoModerationTask',
      { ...VIDEO, CredentialConfig: '{"ServiceRole":"r"}' },
      'InvalidArgument',
    ],
    ['a project does not exist', 'ListTasks', { ProjectName: 'other' }, 'ResourceNotFound'],
    ['a task does not exist', 'GetTask', TASK, 'ResourceNotFound'],
    ['the type is not that of the operation', 'GetImageModerationResult', TASK, 'InvalidArgument'],
    ['an operation does not exist', 'CreateProject', { ProjectName: PROJECT }, 'InvalidApi.NotFound'],
    ['a page token is not ours', 'ListTasks', { ProjectName: PROJECT, NextToken: 'x' }, 'InvalidArgument'],
  ])('is refused when %s', async (_why, action, query: Record<string, string>, code) => {
    const error = await refusalOf(call(action, query));
    expect(error.code).toBe(code);
    expect(error.message).toContain('equest id: ');
  });

  test('is refused with a wrong secret', async () => {
    const wrong = { ...service, key: { ...service.key, secret: 'wrong' } };
    const error = await refusalOf(immClient(wrong, name)('ListTasks', { ProjectName: PROJECT }));
    expect(error.code).toBe('SignatureDoesNotMatch');
  });
});
