import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import { secretBox } from '../../../src/auth/secret-box.js';
import { UnreadableSecretError } from '../../../src/store/access-keys.js';
import { openAccessKeyList, openAccessKeys } from '../../../src/store/sqlite/open-access-keys.js';
import { openRecordStore } from '../../../src/store/sqlite/open-record-store.js';
import { makeKey } from '../../auth/authentication.js';
import { accessKeysContract } from '../access-keys-contract.js';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'framewarden-keys-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

accessKeysContract('SQLite', (n, box) => openAccessKeys(join(directory, 'contract', `${n}.db`), box));

const box = secretBox('a secret of thirty-two signs ....');

test('no file holds a secret or a token in clear', async () => {
  const place = join(directory, 'clear');
  const keys = await openAccessKeys(join(place, 'records.db'), box);
  await keys.create(makeKey({ secret: 'SECRET-IN-CLEAR', securityToken: 'TOKEN-IN-CLEAR' }));
  const contents = await Promise.all((await readdir(place)).map((name) => readFile(join(place, name), 'latin1')));
  await keys.close();
  expect(contents.join('')).toContain('testid');
  expect(contents.join('')).not.toMatch(/IN-CLEAR/);
});

test('a secret put into the row of another key does not open', async () => {
  const path = join(directory, 'swapped', 'records.db');
  const keys = await openAccessKeys(path, box);
  await keys.create(makeKey());
  await keys.create(makeKey({ accessKeyId: 'mine', secret: 'known' }));
  await keys.close();
  const raw = new Database(path);
  raw.exec(
    `update access_keys set sealed_secret = (select sealed_secret from access_keys where access_key_id = 'mine')`,
  );
  raw.close();
  const again = await openAccessKeys(path, box);
  await expect(again.find('testid')).rejects.toThrow(UnreadableSecretError);
  expect(await again.find('mine')).toMatchObject({ secret: 'known' });
  await again.close();
});

test('records, keys and their list share one file, and each is closed for itself', async () => {
  const path = join(directory, 'shared', 'records.db');
  const [records, keys, list] = await Promise.all([
    openRecordStore(path),
    openAccessKeys(path, box),
    openAccessKeyList(path),
  ]);
  await keys.create(makeKey());
  await keys.close();
  await keys.close();
  expect(await list.list()).toHaveLength(1);
  expect(await list.disable('testid')).toBe(true);
  await list.close();
  expect(await records.findTask('none')).toBeNull();
  await records.close();
});
