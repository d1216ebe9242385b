import type { KnownVideo } from '../../banks/hash-bank.js';
import type { Picture } from '../preparation/picture.js';
import { LEAST_QUALITY } from './match-rule.js';
import { distanceOf, HASH_WORDS } from './pdq-hash.js';
import { pdqsForBank, pdqsOf, type Pdq } from './pdq.js';

/** A frame that differs from the last one kept by no more is left out (vPDQ's README calls it pruning): it would hardly find anything more. */
const PRUNED_DISTANCE = 4;

/**
 * vPDQ of a video that goes into a bank, with hashes of what cuts leave of each frame. It wants every frame: where things move, the next one already is too
 * far from this one (a parrot turning its head: 40 bits), and a copy's samples lie anywhere.
 */
export class VideoHashes {
  readonly #kept: { pdq: Pdq; timestampS: number }[] = [];
  #last: readonly Pdq[] = [];

  /** The next frame; `timestampS`: seconds from the beginning. Takes 2 ms of one core for 720p, 8 more if the frame is kept; twice that where bars lie around it. */
  add(picture: Picture, timestampS: number): void {
    const pdqs = pdqsOf(picture);
    if (pdqs.every(({ quality }) => quality < LEAST_QUALITY) || areNear(pdqs, this.#last)) return;
    this.#last = pdqs;
    for (const pdq of pdqsForBank(picture)) if (pdq.quality >= LEAST_QUALITY) this.#kept.push({ pdq, timestampS });
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

/** Whether two frames hardly differ, with and without the bars around them. */
function areNear(some: readonly Pdq[], others: readonly Pdq[]): boolean {
  return (
    some.length === others.length &&
    some.every(({ hash }, index) => {
      const other = others[index];
      return other !== undefined && distanceOf(hash, other.hash) <= PRUNED_DISTANCE;
    })
  );
}
