import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { secretBox } from '../../src/auth/secret-box.js';
import { openAccessKeys } from '../../src/store/sqlite/open-access-keys.js';
import { build } from '../support/build.js';
import { commandPlace, type CommandPlace } from '../support/cli.js';

const SECRET_KEY = 'a secret of thirty-two signs ....';
const env = { FRAMEWARDEN_SECRET_KEY: SECRET_KEY };

let place: CommandPlace;
beforeEach(async () => {
  await build();
  place = await commandPlace();
});
afterEach(() => place.remove());

const stored = async (accessKeyId: string) => {
  const keys = await openAccessKeys(join(place.dataDir, 'framewarden.db'), secretBox(SECRET_KEY));
  return keys.find(accessKeyId).finally(() => keys.close());
};

test('a key is made for a user, shown with its secret once, listed without, and disabled', async () => {
  const made = await place.run(['key', 'create', '--user', 'ann', '--account', '42', '--sts', '--json'], env);
  expect([made.code, made.stderr]).toEqual([0, expect.stringMatching(/not shown again/)]);
  const { accessKeyId, accessKeySecret, securityToken } = JSON.parse(made.stdout) as Record<string, string>;
  expect(await stored(accessKeyId!)).toMatchObject({
    accountId: '42',
    userName: 'ann',
    secret: accessKeySecret,
    securityToken,
    status: 'Active',
  });

  const listed = await place.run(['key', 'list']);
  expect(listed.code).toBe(0);
  expect(listed.stdout).toMatch(new RegExp(`${accessKeyId!}  Active .*token .*42 .*ann`));
  expect(listed.stdout + listed.stderr).not.toContain(accessKeySecret);

  expect((await place.run(['key', 'disable', accessKeyId!])).code).toBe(0);
  const [line] = (await place.run(['key', 'list', '--json'])).stdout.split('\n');
  expect(JSON.parse(line!)).toMatchObject({ accessKeyId, status: 'Inactive', userName: 'ann', temporary: true });
});

test('without more a key is for the owner of the account of a development server', async () => {
  const { stdout } = await place.run(['key', 'create'], env);
  const [, id] = /^accessKeyId +(\S+)$/m.exec(stdout) ?? [];
  expect(await stored(id!)).toMatchObject({ userName: null, securityToken: null, accountId: '1000000000000000' });
});

test('a key is encrypted with the key file that a development server has left, and with no file that others can read', async () => {
  mkdirSync(place.dataDir, { recursive: true });
  const file = join(place.dataDir, 'secret.key');
  writeFileSync(file, `${'ab'.repeat(32)}\n`, { mode: 0o644 });
  const open = await place.run(['key', 'create']);
  expect([open.code, open.stdout, open.stderr]).toEqual([2, '', expect.stringMatching(/chmod 600/)]);
  chmodSync(file, 0o600);
  const [, id] = /^accessKeyId +(\S+)$/m.exec((await place.run(['key', 'create'])).stdout) ?? [];
  const keys = await openAccessKeys(join(place.dataDir, 'framewarden.db'), secretBox('ab'.repeat(32)));
  expect(await keys.find(id!)).not.toBeNull();
  await keys.close();
});

test('what cannot be done is told in a sentence, with exit code 2', async () => {
  const tell = async (args: string[], given: Record<string, string> = env) => {
    const { code, stdout, stderr } = await place.run(['key', ...args], given);
    return [code, stdout, stderr.trim()];
  };
  expect(await tell(['create'], {})).toEqual([2, '', expect.stringMatching(/FRAMEWARDEN_SECRET_KEY.*openssl/)]);
  const short = await tell(['create'], { FRAMEWARDEN_SECRET_KEY: 'hunter2' });
  expect(short).toEqual([2, '', expect.stringMatching(/FRAMEWARDEN_SECRET_KEY: expected 32 .*got 7/)]);
  expect(short[2]).not.toContain('hunter2');
  expect(await tell(['create', '--account', 'x'])).toEqual([2, '', expect.stringMatching(/--account.*digits/)]);
  expect(await tell(['create', '--user', 'a b'])).toEqual([2, '', expect.stringMatching(/--user/)]);
  expect(await tell(['disable', 'nobody'])).toEqual([2, '', expect.stringMatching(/no access key "nobody"/)]);
});
