import { openHashBankInSteps, type HashBank } from '../../banks/hash-bank.js';
import type { BankRef } from '../../schema/bank.js';
import type { Scene } from '../../schema/scene.js';
import type { BankReader } from '../detector.js';

/** Entries of all open banks together, of which each takes 32 bytes and its part of the index: about a quarter of a gigabyte. */
const MOST_ENTRIES = 2_000_000;

/** Banks of known media that speak for any of the scenes, in an order of their own. */
export function hashBanksOf(banks: readonly BankRef[], scenes: readonly Scene[]): BankRef[] {
  return banks
    .filter(({ kind, scene, atMost }) => kind === 'hashes' && atMost !== 'pass' && scenes.includes(scene))
    .sort((a, b) => (a.name < b.name ? -1 : Number(a.name > b.name)));
}

/** Banks that are open, each read once; those that were not used for longest are closed when there are too many entries. */
export class OpenHashBanks {
  readonly #open = new Map<string, { bank: Promise<HashBank>; entries: number }>();

  constructor(readonly reader: BankReader) {}

  /** @throws whatever the content could not be read or opened for; it is tried again at the next call. */
  async open(ref: BankRef): Promise<HashBank> {
    const known = this.#open.get(ref.digest);
    const opened = known ?? { bank: this.reader.read(ref).then(openHashBankInSteps), entries: ref.entries };
    // The last in the map is the one used last.
    this.#open.delete(ref.digest);
    this.#open.set(ref.digest, opened);
    if (known === undefined) {
      opened.bank.catch(() => this.#open.delete(ref.digest));
      this.#closeOldest();
    }
    return await opened.bank;
  }

  #closeOldest(): void {
    let entries = [...this.#open.values()].reduce((sum, open) => sum + open.entries, 0);
    for (const [digest, open] of this.#open) {
      if (entries <= MOST_ENTRIES || this.#open.size === 1) return;
      this.#open.delete(digest);
      entries -= open.entries;
    }
  }
}
