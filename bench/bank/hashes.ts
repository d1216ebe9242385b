import { HashBankBuilder } from '../../src/banks/hash-bank-builder.js';
import { WORDS_PER_HASH } from '../../src/banks/hash-index.js';

/** Numbers from 0 up to 2^32, the same for the same seed (xorshift32 of Marsaglia 2003). */
export function numbers(seed: number): () => number {
  let state = seed >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state;
  };
}

/** How hashes of a bank are spread. */
export type Spread = 'random' | 'clustered' | 'patterned';

/** Members of a cluster: frames of one shot, copies of one picture. */
const CLUSTER = 100;
/** One in so many is of a regular picture. */
const REGULAR = 50;
/** Words of 16 bits that regular pictures (stripes, grids, plain halves) have much more often than others. */
const PATTERNS = [0xcccc, 0x3333, 0x9999, 0x6666, 0xaaaa, 0x5555, 0xff00, 0x00ff];

/** 8 words each: by chance; around centres of which each has a hundred within 24 bits; or one in fifty of a regular picture, half of whose words are of eight patterns. */
export function makeHashes(count: number, spread: Spread, seed = 1): Uint32Array {
  const next = numbers(seed);
  const words = new Uint32Array(count * WORDS_PER_HASH).map(() => next());
  if (spread === 'clustered') {
    for (let row = 0; row < count; row++) {
      const centre = (row - (row % CLUSTER)) * WORDS_PER_HASH;
      if (row % CLUSTER === 0) continue;
      words.copyWithin(row * WORDS_PER_HASH, centre, centre + WORDS_PER_HASH);
      flip(words, row * WORDS_PER_HASH, next() % 25, next);
    }
  } else if (spread === 'patterned') {
    for (let row = 0; row < count; row += REGULAR) {
      for (let at = row * WORDS_PER_HASH; at < (row + 1) * WORDS_PER_HASH; at++) {
        const word = words[at] as number;
        const high = next() % 2 === 0 ? pattern(next) : word >>> 16;
        const low = next() % 2 === 0 ? pattern(next) : word & 0xffff;
        words[at] = ((high << 16) | low) >>> 0;
      }
    }
  }
  return words;
}

const pattern = (next: () => number): number => PATTERNS[next() % PATTERNS.length] as number;

/** Turns as many bits over, some possibly twice. */
export function flip(words: Uint32Array, at: number, bits: number, next: () => number): void {
  for (let n = 0; n < bits; n++) {
    const bit = next() % 256;
    words[at + (bit >> 5)] = ((words[at + (bit >> 5)] as number) ^ (1 << (bit & 31))) >>> 0;
  }
}

/** Questions: every other one is a hash of the bank with up to 31 bits turned over, the others are spread as the bank's. */
export function makeQuestions(bank: Uint32Array, count: number, spread: Spread, seed = 2): Uint32Array {
  const next = numbers(seed);
  const questions = makeHashes(count, spread, seed + 1);
  for (let row = 0; row < count; row += 2) {
    const from = (next() % (bank.length / WORDS_PER_HASH)) * WORDS_PER_HASH;
    questions.set(bank.subarray(from, from + WORDS_PER_HASH), row * WORDS_PER_HASH);
    flip(questions, row * WORDS_PER_HASH, next() % 32, next);
  }
  return questions;
}

/** A bank of these as pictures, each with a number for its name. */
export function bankOf(words: Uint32Array): Uint8Array {
  const builder = new HashBankBuilder();
  for (let row = 0; row * WORDS_PER_HASH < words.length; row++)
    builder.addPicture(String(row), words.subarray(row * WORDS_PER_HASH, (row + 1) * WORDS_PER_HASH));
  return builder.build().bytes;
}
