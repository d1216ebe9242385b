import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { stringify } from 'yaml';
import type { NotificationState } from '../../src/schema/notification.js';
import type { ListedNotification } from '../../src/store/notifications.js';
import { build } from '../support/build.js';
import { commandPlace, eventually, type Command, type CommandPlace } from '../support/cli.js';
import { contentOf, newSecret, startReceiver, verified, type Receiver } from '../support/receiver.js';
import { encode, signV3, type SigningKey } from '../support/sign-request.js';

const SECRET = newSecret();
const env = { FRAMEWARDEN_SECRET_KEY: 'a secret of thirty-two signs ....', HOOK_SECRET: SECRET };

let place: CommandPlace;
let receiver: Receiver;
let key: SigningKey;
let service: Command;
let endpoint: string;
beforeAll(async () => {
  await build();
  [place, receiver] = await Promise.all([commandPlace(), startReceiver()]);
  for (const name of ['videos', 'results']) mkdirSync(place.path(name));
  writeFileSync(place.path('videos', 'text.mp4'), 'Not a video. '.repeat(1000));
  const config = {
    version: 1,
    region: 'here',
    listen: { port: 0 },
    accounts: [{ id: '42' }],
    projects: [
      { name: 'demo', account: '42', notify: ['MQ_1/always'] },
      { name: 'other', account: '42' },
    ],
    sources: {
      buckets: [
        { match: 'videos', directory: place.path('videos') },
        { match: 'results', directory: place.path('results'), writable: true },
      ],
    },
    topics: [
      { name: 'asked', url: `${receiver.url}/asked`, secrets: [{ env: 'HOOK_SECRET' }] },
      { name: 'always', instance: 'MQ_1', url: `${receiver.url}/always`, secrets: [SECRET], format: 'cloudevents' },
      { name: 'private', url: receiver.url, secrets: [SECRET], projects: ['other'] },
    ],
    notifications: { longestWait: '1s' },
  };
  writeFileSync(place.path('service.yaml'), stringify(config));
  const made = await place.run(['key', 'create', '--account', '42', '--json'], env);
  expect(made).toMatchObject({ code: 0 });
  const { accessKeyId, accessKeySecret } = JSON.parse(made.stdout) as { accessKeyId: string; accessKeySecret: string };
  key = { accessKeyId, secret: accessKeySecret };
  await serve();
});
afterAll(async () => {
  await place.remove();
  await receiver.close();
});

async function serve(): Promise<void> {
  service = place.start(['serve', '--config', place.path('service.yaml'), '--json'], env);
  await service.tells(/"endpoint":".*\n/);
  endpoint = (/"endpoint":"([^"]+)"/.exec(service.told) ?? [])[1]!;
}

async function create(parameters: Record<string, string>): Promise<Record<string, string>> {
  const query = { ProjectName: 'demo', SourceURI: 'oss://videos/text.mp4', Scenes: '["porn"]', ...parameters };
  const date = new Date().toISOString().replace(/\.\d+/, '');
  const signed = signV3(key, { action: 'CreateVideoModerationTask', date, host: endpoint, query });
  const headers = [...signed.headers].map(([name, values]): [string, string] => [name, values[0]!]);
  const search = signed.query.map(([name, value]) => `${name}=${encode(value)}`).join('&');
  const response = await fetch(`http://${endpoint}/?${search}`, { method: 'POST', headers });
  return (await response.json()) as Record<string, string>;
}

/** The same without a command. */
const kept = (state: NotificationState): Promise<ListedNotification[]> =>
  place.stores(({ records }) => records.notifications.list({ state, limit: 100 }));

async function listed(...options: string[]): Promise<ListedNotification[]> {
  const { stdout } = await place.run(['notifications', 'list', '--json', ...options]);
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as ListedNotification);
}

const refused: [string, Record<string, string>, RegExp][] = [
  ['a topic that is not configured', { Notification: '{"MNS":{"TopicName":"x"}}' }, /Notification.MNS.*"x"/],
  ['a topic of another project', { Notification: '{"MNS":{"TopicName":"private"}}' }, /Notification.MNS/],
  ['a topic of another instance', { Notification: '{"RocketMQ":{"InstanceId":"MQ_2","TopicName":"always"}}' }, /MQ_2/],
  ['a topic without its instance', { Notification: '{"RocketMQ":{"TopicName":"always"}}' }, /RocketMQ.InstanceId/],
  ['a webhook of its own', { Notification: '{"Webhook":"https://example.org"}' }, /Notification/],
  ['a topic by the old parameter', { NotifyTopicName: 'y' }, /NotifyTopicName.*"y"/],
  ['an object where nothing is written', { Notification: '{"ExtendedMessageURI":"oss://videos/a"}' }, /writable/],
  ['an object elsewhere', { Notification: '{"ExtendedMessageURI":"https://example.org/a"}' }, /object/],
  ['an object outside', { Notification: '{"ExtendedMessageURI":"oss://results/../a"}' }, /key/],
];
test.each(refused)('%s is refused when the task is created', async (_, parameters, message) => {
  expect(await create(parameters)).toMatchObject({ Code: 'InvalidArgument', Message: expect.stringMatching(message) });
});

test('what a task tells survives a kill of the service while its receiver is down, and is sent again when asked for', async () => {
  await receiver.down();
  const created = await create({
    UserData: 'order 7',
    Notification: JSON.stringify({ MNS: { TopicName: 'asked' }, ExtendedMessageURI: 'oss://results/out/7.json' }),
    NotifyTopicName: 'asked',
  });
  const refused = async () => (await kept('pending')).map(({ lastError }) => lastError);
  await eventually(async () => /ECONNREFUSED.*ECONNREFUSED/.test((await refused()).join()), 'two that are refused');
  expect((await listed('--state', 'pending')).map(({ lastError }) => lastError).join()).toMatch(/ECONNREFUSED/);
  receiver.otherwise('hang');
  await receiver.up();
  await eventually(() => receiver.received.length > 0, 'an attempt to be under way');
  service.kill('SIGKILL');
  await service.ended;
  receiver.otherwise(200);
  await serve();
  await eventually(async () => (await kept('delivered')).length === 3, 'all to be delivered');

  const asked = receiver.delivered().find(({ path }) => path === '/hook/asked');
  expect(verified(asked!, SECRET)).toMatchObject({
    type: 'imm:Task:VideoModeration',
    subject: 'acs:imm:here:42:demo/imm:Task:VideoModeration',
  });
  expect(contentOf(asked!)).toMatchObject({
    TaskId: created['TaskId'],
    RequestId: created['RequestId'],
    UserData: 'order 7',
    Status: 'Failed',
    Code: 'Unreadable',
  });
  const always = receiver.delivered().find(({ path }) => path === '/hook/always');
  expect(verified(always!, SECRET)).toMatchObject({ specversion: '1.0', data: contentOf(asked!) });
  expect(JSON.parse(readFileSync(place.path('results', 'out', '7.json'), 'utf8'))).toEqual(contentOf(asked!));

  const count = receiver.received.length;
  const again = await place.run(['notifications', 'resend', asked!.id], env);
  expect([again.code, again.stdout]).toEqual([0, expect.stringContaining(asked!.id)]);
  await eventually(() => receiver.received.length > count, 'the message once more');
  expect(receiver.received.at(-1)).toMatchObject({ id: asked!.id, body: asked!.body });
  const table = await place.run(['notifications', 'list']);
  expect(table.stdout).toMatch(new RegExp(`${asked!.id} +(delivered|pending).* failed +asked`));
});

test('what goes wrong stands in the log at the default level, and nothing of the kind that is so on purpose', () => {
  const logged = readFileSync(place.path('data', 'framewarden.log'), 'utf8').trimEnd().split('\n');
  const entries = logged.map((line) => JSON.parse(line) as Record<string, unknown>);
  const failed = { level: 'WARN', activityType: 'probeVideo', error: expect.any(String) as string };
  expect(entries).toContainEqual(expect.objectContaining({ ...failed, message: 'Activity failed' }));
  const refused = {
    level: 'WARN',
    message: 'A notification was not delivered and is tried again',
    workflowId: expect.stringMatching(/^notify\/.*\/asked$/) as string,
    error: expect.stringContaining('ECONNREFUSED') as string,
  };
  expect(entries).toContainEqual(expect.objectContaining(refused));
  const deliveries = entries.filter(({ activityType }) => activityType === 'deliver');
  expect(deliveries.filter(({ message }) => message === 'Activity failed')).toEqual([]);
  expect(entries.filter(({ message }) => /No workflows registered/.test(String(message)))).toEqual([]);
});

test('an id that is none is told in a sentence', async () => {
  const { code, stderr } = await place.run(['notifications', 'resend', 'nothing'], env);
  expect([code, stderr]).toEqual([2, expect.stringMatching(/no(ne)? for nothing/)]);
});
