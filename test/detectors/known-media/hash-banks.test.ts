import { HashBankBuilder } from '../../../src/banks/hash-bank-builder.js';
import { hashBanksOf, OpenHashBanks } from '../../../src/detectors/known-media/hash-banks.js';
import type { BankRef } from '../../../src/schema/bank.js';

const ref = (name: string, changes: Partial<BankRef> = {}): BankRef => ({
  name,
  kind: 'hashes',
  scene: 'terrorism',
  atMost: 'block',
  version: 1,
  digest: name.repeat(64).slice(0, 64),
  entries: 1,
  ...changes,
});

function contentOf(name: string): Uint8Array {
  const builder = new HashBankBuilder();
  builder.addPicture(name, new Uint32Array(8));
  return builder.build().bytes;
}

/** A reader that counts how often each bank is read. */
function counting(most?: number): { reads: string[]; open: OpenHashBanks; fail: { next: boolean } } {
  const reads: string[] = [];
  const fail = { next: false };
  const read = ({ name }: BankRef): Promise<Uint8Array> => {
    reads.push(name);
    return fail.next ? Promise.reject(new Error('not there yet')) : Promise.resolve(contentOf(name));
  };
  const open = new OpenHashBanks({ read }, most);
  return { reads, open, fail };
}

describe('banks of hashes', () => {
  it('are those of the scenes asked for that may ask for something, by name', () => {
    const banks = [
      ref('d'),
      ref('c', { scene: 'ad' }),
      ref('b', { kind: 'terms' }),
      ref('a'),
      ref('e', { atMost: 'pass' }),
    ];
    expect(hashBanksOf(banks, ['terrorism', 'porn']).map(({ name }) => name)).toEqual(['a', 'd']);
  });

  it('are read once, also when they are asked for at once, and anew as another version', async () => {
    const { reads, open } = counting();
    const [first, second] = await Promise.all([open.open(ref('a')), open.open(ref('a'))]);
    expect(first).toBe(second);
    expect(first.lookup(new Uint32Array(8), 0)).toEqual([{ entry: 'a', distance: 0 }]);
    expect(await open.open(ref('a', { version: 2, digest: 'f'.repeat(64) }))).not.toBe(first);
    expect(reads).toEqual(['a', 'a']);
  });

  it('are tried again when they could not be read', async () => {
    const { reads, open, fail } = counting();
    fail.next = true;
    await expect(open.open(ref('a'))).rejects.toThrow('not there yet');
    fail.next = false;
    expect((await open.open(ref('a'))).videos.size).toBe(0);
    expect(reads).toEqual(['a', 'a']);
  });

  it('are closed when they are too large together, those first that were not used for longest', async () => {
    const { reads, open } = counting(contentOf('a').length * 2.5);
    for (const name of ['a', 'b', 'a', 'c', 'a', 'b']) await open.open(ref(name));
    expect(reads).toEqual(['a', 'b', 'c', 'b']);
  });

  it('stay open when one alone is too large', async () => {
    const { reads, open } = counting(1);
    for (let times = 0; times < 2; times++) await open.open(ref('a'));
    expect(reads).toEqual(['a']);
  });
});
