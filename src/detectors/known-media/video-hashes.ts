import type { KnownVideo } from '../../banks/hash-bank.js';
import { LEAST_QUALITY } from './match-rule.js';
import { distanceOf, HASH_WORDS } from './pdq-hash.js';
import type { Pdq } from './pdq.js';

/** A frame that differs from the last one kept by no more is left out (vPDQ's README calls it pruning): it would hardly find anything more. */
const PRUNED_DISTANCE = 4;

/**
 * vPDQ of a video that goes into a bank. It wants every frame: where things move, the next frame already is too far from this one, and a copy's samples
 * lie anywhere between those that were kept.
 */
export class VideoHashes {
  readonly #kept: { pdq: Pdq; timestampS: number }[] = [];
  readonly #last: (Uint32Array | undefined)[] = [];

  /**
   * The next frame.
   * @param pdqs one hash, or several that each tell it again, as `pdqsForBank` gives them: always as many
   * @param timestampS seconds from the beginning
   */
  add(pdqs: readonly Pdq[], timestampS: number): void {
    pdqs.forEach((pdq, index) => {
      const last = this.#last[index];
      if (pdq.quality < LEAST_QUALITY) return;
      if (last !== undefined && distanceOf(pdq.hash, last) <= PRUNED_DISTANCE) return;
      this.#last[index] = pdq.hash;
      this.#kept.push({ pdq, timestampS });
    });
  }

  /** All that was kept, in the order of time; empty when no frame had enough to be told by. */
  build(): KnownVideo {
    const hashes = new Uint32Array(this.#kept.length * HASH_WORDS);
    this.#kept.forEach(({ pdq }, index) => {
      hashes.set(pdq.hash, index * HASH_WORDS);
    });
    return {
      hashes,
      qualities: Uint8Array.from(this.#kept, ({ pdq }) => pdq.quality),
      timestampsS: Float64Array.from(this.#kept, ({ timestampS }) => timestampS),
    };
  }
}
