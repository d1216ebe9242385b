import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { recentNonces } from '../../src/auth/recent-nonces.js';
import type { NonceStore } from '../../src/store/nonces.js';
import { openNonces } from '../../src/store/sqlite/open-nonces.js';
import { signV1, signV3, type Wanted } from '../support/sign-request.js';
import { against, DATE, makeKey, NOW, outcome } from './authentication.js';

const key = makeKey();
const wanted: Wanted = { action: 'CreateVideoModerationTask', date: DATE, nonce: 'once' };
const REPLAY = '400 SignatureNonceUsed';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'framewarden-replay-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

/** Remembers what it was asked for. */
function watched(): NonceStore & { uses: unknown[][] } {
  const uses: unknown[][] = [];
  const nonces = recentNonces(() => NOW);
  return { ...nonces, uses, use: (...given) => (uses.push(given), nonces.use(...given)) };
}

describe('a request received before', () => {
  test('is refused, also after a restart, by another process, and signed by the other version', async () => {
    const path = join(directory, 'nonces.db');
    const [one, two] = [await openNonces(path, () => NOW), await openNonces(path, () => NOW)];
    const request = signV3(key, wanted);
    expect(await outcome(request, against([key], { nonces: one }))).toHaveProperty('accessKeyId');
    expect(await outcome(request, against([key], { nonces: one }))).toBe(REPLAY);
    expect(await outcome(request, against([key], { nonces: two }))).toBe(REPLAY);
    expect(await outcome(signV1(key, wanted), against([key], { nonces: two }))).toBe(REPLAY);
    await Promise.all([one.close(), two.close()]);
    const again = await openNonces(path, () => NOW);
    expect(await outcome(request, against([key], { nonces: again }))).toBe(REPLAY);
    await again.close();
  });

  test('is let in once when it comes many times at once', async () => {
    const nonces = await openNonces(join(directory, 'race.db'), () => NOW);
    const authentication = against([key], { nonces });
    const request = signV3(key, wanted);
    const answers = await Promise.all(Array.from({ length: 20 }, () => outcome(request, authentication)));
    expect(answers.filter((answer) => answer !== REPLAY)).toHaveLength(1);
    await nonces.close();
  });

  test('is remembered for 31 minutes, durably where it changes something and in the process where not', async () => {
    const [nonces, readNonces] = [watched(), watched()];
    for (const writes of [true, false]) {
      const authentication = against([key], { nonces, readNonces, writes });
      expect(await outcome(signV3(key, wanted), authentication)).toHaveProperty('accessKeyId');
      expect(await outcome(signV3(key, wanted), authentication)).toBe(REPLAY);
    }
    const use = ['testid', 'once', NOW + 31 * 60_000];
    expect([nonces.uses, readNonces.uses]).toEqual([
      [use, use],
      [use, use],
    ]);
  });
});

test('who cannot sign uses up no nonce', async () => {
  const nonces = watched();
  const keys = [
    key,
    makeKey({ accessKeyId: 'disabled', status: 'Inactive' }),
    makeKey({ accessKeyId: 'temporary', securityToken: 'token' }),
  ];
  const authentication = against(keys, { nonces });
  const refused = [
    signV3({ ...key, secret: 'guess' }, wanted),
    signV1({ ...key, secret: 'guess' }, wanted),
    signV3({ ...key, accessKeyId: 'unknown' }, wanted),
    signV3({ ...key, accessKeyId: 'disabled' }, wanted),
    signV3({ ...key, accessKeyId: 'temporary' }, wanted),
    signV3(key, { ...wanted, date: '2025-01-02T02:00:00Z' }),
  ];
  for (const request of refused) expect(await outcome(request, authentication)).toMatch(/^40/);
  expect(nonces.uses).toEqual([]);
  expect(await outcome(signV3(key, wanted), authentication)).toHaveProperty('accessKeyId');
});

describe('nonces in the process', () => {
  test('are forgotten once expired, and the oldest beyond the capacity', async () => {
    let now = 0;
    const nonces = recentNonces(() => now, 3);
    const use = (nonce: string) => nonces.use('key', nonce, now + 10);
    expect([await use('a'), await use('a')]).toEqual([true, false]);
    now = 10;
    expect(await use('a')).toBe(true);
    expect([await use('b'), await use('c'), await use('a')]).toEqual([true, true, false]);
    expect(await use('d')).toBe(true);
    expect([await use('b'), await use('d'), await use('a')]).toEqual([false, false, true]);
  });

  test('of one access key are not those of another', async () => {
    const nonces = recentNonces(() => 0);
    expect([await nonces.use('a', 'n', 1), await nonces.use('b', 'n', 1)]).toEqual([true, true]);
  });
});
