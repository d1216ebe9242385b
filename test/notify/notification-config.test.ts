import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { loadServiceConfig } from '../../src/service-settings.js';
import { newSecret } from '../support/receiver.js';

const SECRET = newSecret();
const topic = { name: 'results', url: 'https://example.org/hook', secrets: [SECRET] };

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'framewarden-config-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

async function load(topics: unknown[], given: { notify?: string[]; notifications?: unknown } = {}) {
  const path = join(directory, 'service.yaml');
  const { notify = [], notifications = {} } = given;
  const config = {
    version: 1,
    accounts: [{ id: '42' }],
    projects: [{ name: 'demo', account: '42', notify }],
    sources: {},
    topics,
    notifications,
  };
  await writeFile(path, stringify(config));
  return loadServiceConfig(path, { HOOK_SECRET: SECRET });
}

test('topics are found by name, and by instance and name; a project has what it always tells', async () => {
  const { settings } = await load(
    [
      { ...topic, secrets: [{ env: 'HOOK_SECRET' }] },
      { ...topic, instance: 'MQ_1', format: 'cloudevents' },
    ],
    { notify: ['MQ_1/results'] },
  );
  expect([...settings.topics.keys()]).toEqual(['results', 'MQ_1/results']);
  expect(settings.topics.get('results')).toMatchObject({ secrets: [SECRET], format: 'imm' });
  expect(settings.projects.get('demo')?.notify).toEqual([
    { kind: 'topic', topic: 'results', instance: 'MQ_1', format: 'cloudevents' },
  ]);
  expect(settings.delivery).toEqual({ timeout: '10s', longestWait: '1h', retryFor: '3d' });
});

const faults: [string, unknown[], object, RegExp][] = [
  ['a topic twice', [topic, topic], {}, /topics.1.name/],
  ['an address that is none', [{ ...topic, url: 'ftp://hunter2' }], {}, /topics.0.url: expected an address/],
  [
    'a secret that is too short',
    [{ ...topic, secrets: ['whsec_aHVudGVyMg=='] }],
    {},
    /topics.0.secrets.0: expected whsec_/,
  ],
  ['a secret that is none', [{ ...topic, secrets: ['hunter2'] }], {}, /topics.0.secrets.0/],
  ['no secret', [{ ...topic, secrets: [] }], {}, /topics.0.secrets/],
  ['three secrets', [{ ...topic, secrets: [SECRET, SECRET, SECRET] }], {}, /topics.0.secrets/],
  ["the object's name", [{ ...topic, name: 'ExtendedMessageURI' }], {}, /topics.0.name/],
  ['a project that is none', [{ ...topic, projects: ['x'] }], {}, /topics.0.projects.0/],
  ['a project that tells no topic', [topic], { notify: ['other'] }, /projects.0.notify.0/],
  [
    'more patience than messages are kept',
    [topic],
    { notifications: { retryFor: '145h' } },
    /notifications.retryFor: expected at most 6d, .* got 145h/,
  ],
  ['a time that is none', [topic], { notifications: { retryFor: '0s' } }, /notifications.retryFor/],
];
test.each(faults)('%s is refused, and no secret is told', async (_, topics, given, message) => {
  const error = await load(topics, given).then(
    () => 'accepted',
    (thrown: unknown) => (thrown as Error).message,
  );
  expect(error).toMatch(message);
  expect(error).not.toMatch(/hunter2|aHVudGVyMg/);
  expect(error).not.toContain(SECRET);
});
