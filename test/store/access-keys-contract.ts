import { secretBox } from '../../src/auth/secret-box.js';
import {
  AccessKeyExistsError,
  type AccessKeyStore,
  type SecretBox,
  UnreadableSecretError,
} from '../../src/store/access-keys.js';
import { makeKey } from '../auth/authentication.js';

const box = secretBox('a secret of thirty-two signs ....');

/** What every engine must do with access keys; `open` answers the same empty store for the same number, each time anew. */
export function accessKeysContract(engine: string, open: (n: number, box: SecretBox) => Promise<AccessKeyStore>): void {
  describe(`access keys in ${engine}`, () => {
    let n = 0;
    let keys: AccessKeyStore;
    beforeEach(async () => {
      keys = await open(++n, box);
    });
    afterEach(() => keys.close());

    const temporary = makeKey({
      accessKeyId: 'temporary',
      userName: 'ann',
      securityToken: 'a token',
      createdAt: '2025-01-02T00:00:00.000Z',
    });

    test('a key is found as it was made, also by another store', async () => {
      await keys.create(makeKey());
      await keys.create(temporary);
      const other = await open(n, box);
      expect(await other.find('testid')).toStrictEqual(makeKey());
      expect(await other.find('temporary')).toStrictEqual(temporary);
      expect(await other.find('TESTID')).toBeNull();
      await other.close();
    });

    test('a second key of the same id is refused, and the first stays', async () => {
      await keys.create(makeKey());
      await expect(keys.create(makeKey({ secret: 'another' }))).rejects.toThrow(AccessKeyExistsError);
      expect(await keys.find('testid')).toStrictEqual(makeKey());
    });

    test('the list is by age and holds no secrets', async () => {
      await keys.create(temporary);
      await keys.create(makeKey());
      const { accessKeyId, accountId, userName, status, createdAt } = makeKey();
      const listed = await keys.list();
      expect(listed.map((key) => key.accessKeyId)).toEqual(['testid', 'temporary']);
      expect(listed[0]).toStrictEqual({ accessKeyId, accountId, userName, status, createdAt, temporary: false });
      expect(listed[1]).toMatchObject({ userName: 'ann', temporary: true });
      expect(JSON.stringify(listed)).not.toMatch(/testsecret|a token/);
    });

    test('a disabled key stays, as inactive; one that is not there is told apart', async () => {
      await keys.create(makeKey());
      await keys.create(temporary);
      expect([await keys.disable('testid'), await keys.disable('testid'), await keys.disable('nobody')]).toEqual([
        true,
        true,
        false,
      ]);
      expect(await keys.find('testid')).toStrictEqual(makeKey({ status: 'Inactive' }));
      expect((await keys.list()).map(({ status }) => status)).toEqual(['Inactive', 'Active']);
    });

    test('the secret of a key made under another secret key is not read, and the message says what to set', async () => {
      await keys.create(makeKey());
      const other = await open(n, secretBox('another secret of thirty-two signs'));
      await expect(other.find('testid')).rejects.toThrow(UnreadableSecretError);
      await expect(other.find('testid')).rejects.toThrow(/FRAMEWARDEN_SECRET_KEY/);
      expect(await other.list()).toHaveLength(1);
      await other.close();
    });
  });
}
