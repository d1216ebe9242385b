import { openHashBankInSteps, type HashBank } from '../../banks/hash-bank.js';
import type { BankRef } from '../../schema/bank.js';
import type { Scene } from '../../schema/scene.js';
import type { BankReader } from '../detector.js';

/** Content of all open banks together; with their indexes about a quarter of a gigabyte. A million pictures are 56 MB. */
const MOST_BYTES = 2 ** 27;

/** Banks of known media that speak for any of the scenes, in an order of their own. */
export function hashBanksOf(banks: readonly BankRef[], scenes: readonly Scene[]): BankRef[] {
  return banks
    .filter(({ kind, scene, atMost }) => kind === 'hashes' && atMost !== 'pass' && scenes.includes(scene))
    .sort((a, b) => (a.name < b.name ? -1 : Number(a.name > b.name)));
}

/** A bank, and how large its content is; 0 until it is read. */
interface Open {
  bank: Promise<HashBank>;
  bytes: number;
}

/** Banks that are open, each read once; when they are too large together, those are closed that were not used for longest. */
export class OpenHashBanks {
  readonly #open = new Map<string, Open>();

  constructor(
    readonly reader: BankReader,
    readonly mostBytes = MOST_BYTES,
  ) {}

  /** @throws whatever the content could not be read or opened for; it is tried again at the next call. */
  async open(ref: BankRef): Promise<HashBank> {
    const opened = this.#open.get(ref.digest) ?? this.#read(ref);
    // The last in the map is the one used last.
    this.#open.delete(ref.digest);
    this.#open.set(ref.digest, opened);
    return await opened.bank;
  }

  #read(ref: BankRef): Open {
    const opening: Open = {
      bank: this.reader.read(ref).then((content) => {
        opening.bytes = content.length;
        this.#closeOldest();
        return openHashBankInSteps(content);
      }),
      bytes: 0,
    };
    opening.bank.catch(() => this.#open.delete(ref.digest));
    return opening;
  }

  #closeOldest(): void {
    let bytes = [...this.#open.values()].reduce((sum, open) => sum + open.bytes, 0);
    for (const [digest, open] of this.#open) {
      if (bytes <= this.mostBytes || this.#open.size === 1) return;
      this.#open.delete(digest);
      bytes -= open.bytes;
    }
  }
}
