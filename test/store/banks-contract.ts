import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  BankChangedError,
  BankContentMissingError,
  BankExistsError,
  BankNotFoundError,
  createBankStore,
  type BankSettings,
  type BankStore,
} from '../../src/store/banks.js';
import { openBlobDirectory } from '../../src/store/blob-directory.js';
import type { BlobStore } from '../../src/store/blobs.js';
import { purgeBanks } from '../../src/store/purge-banks.js';
import type { RecordStore } from '../../src/store/records.js';
import { digestOf, makeRequest } from './make-records.js';

const BANK: BankSettings = { name: 'known', kind: 'hashes', scene: 'terrorism', atMost: 'block', project: null };
const at = (minute: number) => new Date(Date.UTC(2026, 0, 31, 12, minute)).toISOString();
const content = (text: string) => new TextEncoder().encode(text);
const later = () => new Date(Date.now() + 60_000).toISOString();

/** What every engine must do with banks; `open` answers an empty store each time. */
export function banksContract(engine: string, open: () => Promise<RecordStore>): void {
  describe(`banks in ${engine}`, () => {
    let folder: string;
    let records: RecordStore;
    let contents: BlobStore;
    let banks: BankStore;
    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'framewarden-banks-'));
      [records, contents] = await Promise.all([open(), openBlobDirectory(folder)]);
      banks = createBankStore(records.banks, contents);
    });
    afterEach(async () => {
      await records.close();
      await rm(folder, { recursive: true, force: true });
    });

    test('a bank is empty when made, and compared with nothing until something is imported', async () => {
      await banks.create(BANK, at(0));
      const made = { ...BANK, version: 0, digest: null, entries: 0, createdAt: at(0), importedAt: null };
      expect(await banks.find('known')).toStrictEqual(made);
      expect(await banks.list()).toStrictEqual([made]);
      expect(await banks.current('default', ['terrorism'])).toEqual([]);
      expect(await banks.find('other')).toBeNull();
      await expect(banks.create({ ...BANK, scene: 'porn' }, at(1))).rejects.toThrow(BankExistsError);
    });

    test('a version follows another; the old one can still be read, as a task that has begun does', async () => {
      await banks.create(BANK, at(0));
      const first = await banks.addVersion('known', content('one'), { entries: 1, after: 0, at: at(1) });
      expect(first).toStrictEqual({
        name: 'known',
        kind: 'hashes',
        scene: 'terrorism',
        atMost: 'block',
        version: 1,
        digest: digestOf('one'),
        entries: 1,
      });
      const second = await banks.addVersion('known', content('two'), { entries: 2, after: 1, at: at(2) });
      expect(await banks.current('default', ['porn', 'terrorism'])).toStrictEqual([second]);
      expect(await banks.find('known')).toMatchObject({
        version: 2,
        digest: digestOf('two'),
        entries: 2,
        importedAt: at(2),
      });
      expect(Buffer.from(await banks.read(first)).toString()).toBe('one');
      expect(Buffer.from(await banks.read(second)).toString()).toBe('two');
    });

    test('the same content again is the same version', async () => {
      await banks.create(BANK, at(0));
      const first = await banks.addVersion('known', content('one'), { entries: 1, after: 0, at: at(1) });
      expect(await banks.addVersion('known', content('one'), { entries: 1, after: 1, at: at(2) })).toStrictEqual(first);
      expect(await banks.find('known')).toMatchObject({ version: 1, importedAt: at(1) });
    });

    test('of two who import at once one is told to do it again, and nothing of its content counts', async () => {
      await banks.create(BANK, at(0));
      const outcomes = await Promise.allSettled(
        ['one', 'two'].map((text) => banks.addVersion('known', content(text), { entries: 1, after: 0, at: at(1) })),
      );
      const lost = outcomes.filter(({ status }) => status === 'rejected') as PromiseRejectedResult[];
      expect(lost).toHaveLength(1);
      expect(lost[0]?.reason).toBeInstanceOf(BankChangedError);
      expect(await banks.find('known')).toMatchObject({ version: 1 });
    });

    test('an import that dies after its content was stored leaves the old version current', async () => {
      await banks.create(BANK, at(0));
      const first = await banks.addVersion('known', content('one'), { entries: 1, after: 0, at: at(1) });
      await contents.put(content('half-way'));
      expect(await banks.current('default', ['terrorism'])).toStrictEqual([first]);
    });

    test('what such an import left goes when it is old, and nothing else with it', async () => {
      await banks.create(BANK, at(0));
      const first = await banks.addVersion('known', content('one'), { entries: 1, after: 0, at: at(1) });
      const second = await banks.addVersion('known', content('two'), { entries: 1, after: 1, at: at(2) });
      const left = [await contents.put(content('half-way')), await contents.put(content('in use'))] as const;
      await records.createTask(makeRequest('running', { banks: [{ ...first, digest: left[1] }, first] }), at(5));
      const every = Array.from({ length: 256 }, (_, byte) => byte);
      expect(await purgeBanks(banks, records, at(3), every)).toBe(0);
      expect(await purgeBanks(banks, records, later(), every)).toBe(1);
      expect([await contents.has(left[0]), await contents.has(left[1])]).toEqual([false, true]);
      expect(Buffer.from(await banks.read(first)).toString()).toBe('one');
      expect(Buffer.from(await banks.read(second)).toString()).toBe('two');
    });

    test('tasks see banks of all projects and of their own, for the scenes asked for, by name, and none that is empty', async () => {
      const fill = async (name: string, given: Partial<BankSettings>, entries = 1) => {
        await banks.create({ ...BANK, name, ...given }, at(0));
        await banks.addVersion(name, content(name), { entries, after: 0, at: at(1) });
      };
      await fill('z-all', {});
      await fill('mine', { project: 'mine' });
      await fill('theirs', { project: 'theirs' });
      await fill('ads', { scene: 'ad', kind: 'terms', atMost: 'review' });
      await fill('empty', {}, 0);
      const names = async (project: string, ...scenes: ('ad' | 'terrorism' | 'porn')[]) =>
        (await banks.current(project, scenes)).map(({ name }) => name);
      expect(await names('mine', 'terrorism')).toEqual(['mine', 'z-all']);
      expect(await names('theirs', 'terrorism', 'ad')).toEqual(['ads', 'theirs', 'z-all']);
      expect(await names('default', 'porn')).toEqual([]);
      expect(await names('default')).toEqual([]);
      expect((await banks.list()).map(({ name, project }) => [name, project])).toContainEqual(['mine', 'mine']);
    });

    test('what was removed is not found, and made anew it goes on with its numbers', async () => {
      await banks.create(BANK, at(0));
      const first = await banks.addVersion('known', content('one'), { entries: 1, after: 0, at: at(1) });
      await banks.remove('known', at(2));
      await expect(banks.remove('known', at(2))).rejects.toThrow(BankNotFoundError);
      await expect(banks.addVersion('known', content('x'), { entries: 1, after: 1, at: at(2) })).rejects.toThrow(
        BankNotFoundError,
      );
      expect([await banks.find('known'), await banks.list(), await banks.current('default', ['terrorism'])]).toEqual([
        null,
        [],
        [],
      ]);
      expect(Buffer.from(await banks.read(first)).toString()).toBe('one');
      await banks.create({ ...BANK, scene: 'porn' }, at(3));
      expect(await banks.find('known')).toMatchObject({ scene: 'porn', version: 1, digest: null, entries: 0 });
      expect(await banks.addVersion('known', content('two'), { entries: 1, after: 1, at: at(4) })).toMatchObject({
        version: 2,
      });
    });

    test('contents go when they were superseded long ago and no task under way names them', async () => {
      await banks.create(BANK, at(0));
      const versions = [];
      for (const [n, text] of ['one', 'two', 'three', 'four'].entries())
        versions.push(await banks.addVersion('known', content(text), { entries: 1, after: n, at: at(n) }));
      const [one, two, three, four] = versions as [
        (typeof versions)[0],
        (typeof versions)[0],
        (typeof versions)[0],
        (typeof versions)[0],
      ];
      await records.createTask(makeRequest('running', { banks: [two] }), at(5));
      // Superseded at minute 1, 2 and 3: the last one not long enough ago. Files are as old as this test.
      expect(await purgeBanks(banks, records, at(3))).toBe(0);
      expect(await records.banks.supersededBefore(at(3))).toEqual([one, two].map((ref) => ref.digest).sort());
      expect(await purgeBanks(banks, records, later())).toBe(2);
      await expect(banks.read(one)).rejects.toThrow(BankContentMissingError);
      await expect(banks.read(three)).rejects.toThrow(/version 3 of the bank "known".*import it here/);
      expect(Buffer.from(await banks.read(two)).toString()).toBe('two');
      expect(Buffer.from(await banks.read(four)).toString()).toBe('four');
      await records.endTask('running', { status: 'Failed', code: '', message: '', endTime: at(6) });
      expect(await purgeBanks(banks, records, later())).toBe(1);
      expect(await banks.current('default', ['terrorism'])).toStrictEqual([four]);
    });

    test('a content that another bank still has stays, and a bank removed long ago goes without a trace', async () => {
      await banks.create(BANK, at(0));
      await banks.create({ ...BANK, name: 'copy' }, at(0));
      for (const name of ['known', 'copy'])
        await banks.addVersion(name, content('same'), { entries: 1, after: 0, at: at(1) });
      await banks.remove('known', at(2));
      expect(await purgeBanks(banks, records, later())).toBe(0);
      const [copy] = await banks.current('default', ['terrorism']);
      expect(Buffer.from(await banks.read(copy!)).toString()).toBe('same');
      await banks.remove('copy', at(3));
      expect(await purgeBanks(banks, records, later())).toBe(1);
      await banks.create(BANK, at(4));
      expect(await banks.find('known')).toMatchObject({ version: 0 });
    });
  });
}
