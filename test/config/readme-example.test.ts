import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadServiceConfig } from '../../src/service-settings.js';

const README = readFileSync(join(__dirname, '../../README.md'), 'utf8');
const EXAMPLE = /```yaml\n(version: 1\nlisten[\s\S]*?)```/.exec(README)?.[1] ?? '';
const ENV = {
  OSS_KEY_ID: 'id',
  OSS_KEY_SECRET: 'secret',
  WEBHOOK_SECRET: `whsec_${Buffer.alloc(32).toString('base64')}`,
};

const directory = mkdtempSync(join(tmpdir(), 'framewarden-readme-'));
const path = join(directory, 'framewarden.yaml');
afterAll(() => {
  rmSync(directory, { recursive: true });
});

test('the example in the README is a configuration that can be used', async () => {
  writeFileSync(path, EXAMPLE);
  const { config } = await loadServiceConfig(path, ENV);
  expect(config.projects[0]?.name).toBe('uploads');
  expect(config.sources.buckets[0]?.s3?.credentials.secretAccessKey).toBe('secret');
});

test('all that is wrong is told at once, each with its place, and no secret', async () => {
  const broken = EXAMPLE.replace('port: 8686', 'port: 99999').replace('sampling: fast', 'sampling: slow');
  writeFileSync(path, broken);
  const problems = await loadServiceConfig(path, { ...ENV, WEBHOOK_SECRET: 'hush-hush' }).catch(
    (error: unknown) => error,
  );
  expect(problems).toMatchObject({
    problems: [
      expect.stringMatching(/^listen\.port: .*99999/) as string,
      expect.stringMatching(/^projects\.0\.sampling: .*slow/) as string,
      expect.stringMatching(/^topics\.0\.secrets\.0: .*\(hidden\)/) as string,
    ],
  });
  expect(String(problems)).not.toContain('hush-hush');
});

test('a variable that is not set is named, once', async () => {
  writeFileSync(path, EXAMPLE);
  const problems = [
    'sources.buckets.0.s3.credentials.accessKeyId: expected the variable OSS_KEY_ID to be set, it is not.',
  ];
  await expect(loadServiceConfig(path, { ...ENV, OSS_KEY_ID: undefined })).rejects.toMatchObject({ problems });
});

test('no fault hides another one, of whatever kind they are', async () => {
  const broken = EXAMPLE.replace('port: 8686', 'port: 99999')
    .replace('notify: [moderation]', 'notify: [moderation, nobody]\n    policy: gone.yaml')
    .replace("account: '1234567890123456'", "account: '7'");
  writeFileSync(path, broken);
  const problems = await loadServiceConfig(path, { ...ENV, WEBHOOK_SECRET: undefined }).catch(
    (error: unknown) => error,
  );
  expect(problems).toMatchObject({
    problems: [
      'topics.0.secrets.0: expected the variable WEBHOOK_SECRET to be set, it is not.',
      expect.stringMatching(/^listen\.port: expected .*, got 99999\.$/) as string,
      'projects.0.account: Expected one of the accounts (1234567890123456), got "7".',
      'projects.0.notify.1: Expected a topic that this project may name, got "nobody".',
      expect.stringMatching(/^projects\.0\.policy: .*gone\.yaml.* there is no such file\.$/) as string,
    ],
  });
});
