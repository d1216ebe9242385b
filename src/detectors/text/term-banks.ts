import { openTermBank } from '../../banks/term-bank.js';
import type { BankRef } from '../../schema/bank.js';
import type { Scene } from '../../schema/scene.js';
import type { BankReader } from '../detector.js';
import { openTerms, type OpenTermBank } from './terms/open-term-bank.js';

/** Scenes that a term speaks for, if the bank does. */
export const TERM_SCENES: readonly Scene[] = ['porn', 'terrorism', 'ad'];

/** Terms of all open banks together: of each a few hundred bytes are kept. */
const MOST_TERMS = 500_000;

/** Banks of terms that speak for any of the scenes, in an order of their own. */
export function termBanksOf(banks: readonly BankRef[], scenes: readonly Scene[]): BankRef[] {
  return banks
    .filter(({ kind, scene, atMost }) => kind === 'terms' && atMost !== 'pass' && scenes.includes(scene))
    .sort((a, b) => (a.name < b.name ? -1 : Number(a.name > b.name)));
}

/** Banks of terms that are open, each read once; those that were not used for longest are closed when there are too many terms. */
export class OpenTermBanks {
  readonly #open = new Map<string, { bank: Promise<OpenTermBank>; terms: number }>();

  constructor(readonly reader: BankReader) {}

  /** All of these banks. @throws whatever a content could not be read or opened for; it is tried again at the next call. */
  async open(refs: readonly BankRef[]): Promise<OpenTermBank[]> {
    return await Promise.all(refs.map((ref) => this.#openOne(ref)));
  }

  async #openOne(ref: BankRef): Promise<OpenTermBank> {
    // The same terms may speak for another scene, or under another name, in another project.
    const key = [ref.digest, ref.name, ref.scene, ref.atMost].join(' ');
    const known = this.#open.get(key);
    const opened = known ?? { bank: this.#read(ref), terms: ref.entries };
    // The last in the map is the one used last.
    this.#open.delete(key);
    this.#open.set(key, opened);
    if (known === undefined) {
      opened.bank.catch(() => this.#open.delete(key));
      this.#closeOldest();
    }
    return await opened.bank;
  }

  async #read(ref: BankRef): Promise<OpenTermBank> {
    return openTerms(ref, openTermBank(await this.reader.read(ref)));
  }

  #closeOldest(): void {
    let terms = [...this.#open.values()].reduce((sum, open) => sum + open.terms, 0);
    for (const [key, open] of this.#open) {
      if (terms <= MOST_TERMS || this.#open.size === 1) return;
      this.#open.delete(key);
      terms -= open.terms;
    }
  }
}
