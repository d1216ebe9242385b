import { HTTP } from 'cloudevents';
import { messageFor, type Occurrence } from '../../src/notify/message.js';
import { messageId } from '../../src/notify/message-id.js';
import type { ModerationResultBody } from '../../src/schema/result.js';

const TIME = '2026-11-21T10:00:00.500Z';
const RESULT = {
  ProjectName: 'demo',
  EventId: '2E6-000000000000000000000000000',
  TaskId: 'VideoModeration-1',
  TaskType: 'VideoModeration',
  UserData: '{"order": "№ 1"}',
  Status: 'Succeeded',
  Code: '',
  Message: '',
  StartTime: '2026-11-21T09:59:00.000Z',
  EndTime: TIME,
  ModerationResult: { URI: 'oss://samples/a.mp4', Suggestion: 'review', Categories: ['porn'] },
} as unknown as ModerationResultBody;
const OCCURRENCE: Occurrence = {
  result: RESULT,
  time: TIME,
  plan: { destinations: [], requestId: 'REQUEST-1', region: 'local', accountId: '42', queue: 'q' },
};
const ID = messageId('VideoModeration-1', 'topic', 1);
const topic = (format: 'imm' | 'cloudevents') => ({ kind: 'topic', topic: 't', instance: null, format }) as const;

const CONTENT = { DatasetName: '', RequestId: 'REQUEST-1', EventSourceId: '', ...RESULT };

test("IMM's message has its keys and no others, times as text, and JSON within JSON", async () => {
  const { contentType, body } = await messageFor(topic('imm'), ID, OCCURRENCE);
  expect(contentType).toBe('application/json');
  const { content, ...envelope } = JSON.parse(body) as Record<string, string>;
  expect(envelope).toEqual({
    id: ID,
    source: 'acs.imm',
    type: 'imm:Task:VideoModeration',
    subject: 'acs:imm:local:42:demo/imm:Task:VideoModeration',
    time: '1795255200500',
  });
  expect(JSON.parse(content!)).toEqual(CONTENT);
});

test('a CloudEvent is one, with its content as an object', async () => {
  const { contentType, body } = await messageFor(topic('cloudevents'), ID, OCCURRENCE);
  expect(contentType).toMatch(/^application\/cloudevents\+json/);
  const event = HTTP.toEvent({ headers: { 'content-type': contentType }, body });
  expect(JSON.parse(JSON.stringify(event))).toEqual({
    id: ID,
    source: 'acs.imm',
    specversion: '1.0',
    type: 'imm:Task:VideoModeration',
    subject: 'acs:imm:local:42:demo/imm:Task:VideoModeration',
    time: TIME,
    datacontenttype: 'application/json;charset=utf-8',
    aliyunaccountid: '42',
    aliyunpublishtime: TIME,
    aliyuneventbusname: 'default',
    aliyunregionid: 'local',
    data: CONTENT,
  });
});

test('a failed task has no result to tell of, but why', async () => {
  const result: ModerationResultBody = { ...RESULT, Status: 'Failed', Code: 'SourceNotFound', Message: 'gone' };
  delete result.ModerationResult;
  const { body } = await messageFor(topic('imm'), ID, { ...OCCURRENCE, result });
  const content = JSON.parse((JSON.parse(body) as { content: string }).content) as Record<string, unknown>;
  expect(content).toMatchObject({ Status: 'Failed', Code: 'SourceNotFound', Message: 'gone' });
  expect(content).not.toHaveProperty('ModerationResult');
});

test('an object receives the result alone', async () => {
  const { body } = await messageFor({ kind: 'object', uri: 'oss://b/k' }, ID, OCCURRENCE);
  expect(JSON.parse(body)).toEqual(CONTENT);
});

test('ids have the shape of IMM, and are the same for the same message only', () => {
  expect(ID).toMatch(/^[0-9A-F]{3}-[0-9A-Za-z]{27}$/);
  expect(messageId('VideoModeration-1', 'topic', 1)).toBe(ID);
  const others = [
    messageId('VideoModeration-2', 'topic', 1),
    messageId('VideoModeration-1', 'other', 1),
    messageId('VideoModeration-1', 'topic', 2),
  ];
  expect(new Set([ID, ...others]).size).toBe(4);
});
