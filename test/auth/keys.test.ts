import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { cachedKeys } from '../../src/auth/cached-keys.js';
import { newAccessKey } from '../../src/auth/new-access-key.js';
import { secretBox } from '../../src/auth/secret-box.js';
import { secretKey, SecretKeyError } from '../../src/auth/secret-key.js';
import type { AccessKey } from '../../src/store/access-keys.js';
import { makeKey, NOW } from './authentication.js';

const SECRET = 'a secret of thirty-two signs ....';

describe('a secret box', () => {
  const box = secretBox(SECRET);

  test('opens what it sealed, and the same text is never sealed alike', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (text, purpose) => {
        const sealed = box.seal(text, purpose);
        expect(secretBox(SECRET).open(sealed, purpose)).toBe(text);
        expect(box.seal(text, purpose)).not.toBe(sealed);
      }),
    );
  });

  test('does not open under another secret, for another purpose, or changed in any byte', () => {
    const sealed = box.seal('text', 'purpose');
    expect(secretBox(`${SECRET}.`).open(sealed, 'purpose')).toBeNull();
    expect(box.open(sealed, 'another')).toBeNull();
    const bytes = Buffer.from(sealed.slice(3), 'base64url');
    for (let at = 0; at < bytes.length; at++) {
      const changed = Buffer.from(bytes);
      changed[at]! ^= 1;
      expect(box.open(`v1.${changed.toString('base64url')}`, 'purpose')).toBeNull();
    }
    for (const other of ['', 'v1.', 'v1.AAAA', sealed.replace('v1', 'v2')])
      expect(box.open(other, 'purpose')).toBeNull();
  });
});

describe('the secret key', () => {
  let dataDir: string;
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'framewarden-secret-'));
  });
  afterEach(() => rm(dataDir, { recursive: true, force: true }));
  const file = () => join(dataDir, 'secret.key');

  test('is the configured one where there is one, and no file is made', async () => {
    expect(await secretKey({ configured: SECRET, dataDir, fallback: 'make' })).toBe(SECRET);
    expect(await readdir(dataDir)).toEqual([]);
  });

  test('of a development server is made once, for its owner only, whoever comes first', async () => {
    const place = join(dataDir, 'new');
    const made = await Promise.all(
      Array.from({ length: 8 }, () => secretKey({ configured: null, dataDir: place, fallback: 'make' })),
    );
    expect(new Set(made).size).toBe(1);
    expect(made[0]).toMatch(/^[0-9a-f]{64}$/);
    expect(await readdir(place)).toEqual(['secret.key']);
    expect((await stat(join(place, 'secret.key'))).mode & 0o777).toBe(0o600);
    expect((await readFile(join(place, 'secret.key'), 'utf8')).trim()).toBe(made[0]);
    expect(await secretKey({ configured: null, dataDir: place, fallback: 'existing' })).toBe(made[0]);
    await expect(secretKey({ configured: null, dataDir: place, fallback: 'none' })).rejects.toThrow(SecretKeyError);
  });

  test('that is missing, readable by others or damaged is told with what to do', async () => {
    const read = () => secretKey({ configured: null, dataDir, fallback: 'existing' });
    await expect(read()).rejects.toThrow(/FRAMEWARDEN_SECRET_KEY.*openssl rand/);
    await writeFile(file(), 'ab'.repeat(32), { mode: 0o600 });
    await chmod(file(), 0o640);
    await expect(read()).rejects.toThrow(/chmod 600/);
    await chmod(file(), 0o600);
    expect(await read()).toBe('ab'.repeat(32));
    await writeFile(file(), 'short');
    await expect(read()).rejects.toThrow(/64 hexadecimal digits/);
  });
});

test('new access keys differ, and hold letters and digits only', () => {
  const made = Array.from({ length: 100 }, () =>
    newAccessKey({ accountId: '1', userName: 'ann', temporary: true }, NOW),
  );
  const parts = made.flatMap(({ accessKeyId, secret, securityToken }) => [accessKeyId, secret, securityToken]);
  expect(new Set(parts).size).toBe(300);
  for (const part of parts) expect(part).toMatch(/^[A-Za-z0-9]{24,80}$/);
  expect(made[0]).toMatchObject({ status: 'Active', createdAt: '2025-01-02T03:04:05.000Z', userName: 'ann' });
});

describe('keys found lately', () => {
  let now = 0;
  let asked: string[] = [];
  let stored: AccessKey | null = makeKey();
  const keys = () => {
    [now, asked, stored] = [0, [], makeKey()];
    return cachedKeys({ find: (id) => (asked.push(id), Promise.resolve(stored)) }, () => now);
  };

  test('are read anew after a second, so that a disabled one is refused by then', async () => {
    const cached = keys();
    await cached.find('testid');
    stored = makeKey({ status: 'Inactive' });
    now = 999;
    expect(await cached.find('testid')).toMatchObject({ status: 'Active' });
    now = 1000;
    expect(await cached.find('testid')).toMatchObject({ status: 'Inactive' });
    expect(asked).toHaveLength(2);
  });

  test('do not include ids that are not there: a new key works at once', async () => {
    const cached = keys();
    stored = null;
    expect(await cached.find('new')).toBeNull();
    stored = makeKey({ accessKeyId: 'new' });
    expect(await cached.find('new')).toMatchObject({ accessKeyId: 'new' });
  });
});
