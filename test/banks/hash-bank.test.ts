import { bankOf, flip, makeHashes, makeQuestions, numbers, type Spread } from '../../bench/bank/hashes.js';
import { NotABankError, writeSections } from '../../src/banks/content.js';
import { openHashBank, openHashBankInSteps, readHashSections } from '../../src/banks/hash-bank.js';
import { HashBankBuilder } from '../../src/banks/hash-bank-builder.js';
import { createHashIndex, scan, WORDS_PER_HASH } from '../../src/banks/hash-index.js';
import { hexOf, wordsOfHex } from '../../src/banks/hex.js';

const rowOf = (words: Uint32Array, row: number) => words.subarray(row * WORDS_PER_HASH, (row + 1) * WORDS_PER_HASH);

const QUESTIONS = 20;

/** Rows and distances, by row. */
function collected(look: (visit: (row: number, distance: number) => void) => void): number[][] {
  const found: number[][] = [];
  look((row, distance) => found.push([row, distance]));
  return found.sort(([a = 0], [b = 0]) => a - b);
}

describe.each<Spread>(['random', 'clustered', 'patterned'])('among %s hashes', (spread) => {
  const words = makeHashes(6000, spread);
  const index = createHashIndex(words);
  const questions = makeQuestions(words, QUESTIONS, spread);

  test.each([0, 14, 15, 16, 30, 31, 32])(
    'a look-up finds what a linear scan finds within %i bits, each once',
    (distance) => {
      let found = 0;
      for (let row = 0; row < QUESTIONS; row++) {
        const question = rowOf(questions, row);
        const expected = collected((visit) => {
          scan(words, question, distance, visit);
        });
        expect(
          collected((visit) => {
            index(question, distance, visit);
          }),
        ).toEqual(expected);
        found += expected.length;
      }
      // Half of the questions are near something, so that this compares more than nothing with nothing.
      if (distance >= 31) expect(found).toBeGreaterThanOrEqual(QUESTIONS / 2);
    },
  );
});

test('a hash is found at 31 bits however they lie, and not at 32', () => {
  const words = makeHashes(5000, 'random');
  const index = createHashIndex(words);
  const next = numbers(7);
  for (let row = 0; row < 50; row++) {
    // Two bits in each of 15 words of 16 bits and one in the last: only that one finds it.
    const near = Uint32Array.from(rowOf(words, row));
    const last = next() % 16;
    for (let word = 0; word < 16; word++) {
      const shift = (word & 1) === 0 ? 16 : 0;
      const bits = word === last ? 1 << (next() % 16) : 0b11 << (next() % 15);
      near[word >> 1] = ((near[word >> 1] as number) ^ (bits << shift)) >>> 0;
    }
    expect(
      collected((visit) => {
        index(near, 31, visit);
      }),
    ).toContainEqual([row, 31]);
    const far = Uint32Array.from(near);
    while (distance(far, rowOf(words, row)) < 32) flip(far, 0, 1, next);
    expect(
      collected((visit) => {
        index(far, 31, visit);
      }).map(([found]) => found),
    ).not.toContain(row);
  }
});

/** Bits that differ, counted in another way than what is tested. */
function distance(a: Uint32Array, b: Uint32Array): number {
  return Array.from(a, (word, at) => ((word ^ (b[at] as number)) >>> 0).toString(2).replaceAll('0', '')).join('')
    .length;
}

const PICTURE = 'f162eb9daab170c0567fe3632d9a5548c5612982dd5e374a7424ebbc8a835c95';
const wordsFor = (hex: string) => wordsOfHex(hex, hex.length / 8) as Uint32Array;

/** A bank with one of everything. */
function filled(): HashBankBuilder {
  const builder = new HashBankBuilder();
  builder.addPicture('café 猫', wordsFor(PICTURE));
  builder.addPicture('café 猫', wordsFor(PICTURE.replace(/^f/, 'e')));
  builder.addPicture(null, wordsFor('0'.repeat(63) + '1'));
  builder.addVideo('clip', {
    hashes: Uint32Array.from([...wordsFor(PICTURE), ...wordsFor('a'.repeat(64))]),
    qualities: Uint8Array.from([100, 60]),
    timestampsS: Float64Array.from([0, 1.5]),
  });
  builder.addFile('file', wordsFor('0123456789abcdef0123456789abcdef'));
  builder.addFile(null, wordsFor('fedc'.repeat(16)));
  return builder;
}

test('a bank answers entries by their names, the nearest first, and by their hash where they have none', () => {
  const { bytes, counts } = filled().build();
  expect(counts).toEqual({ pictures: 3, videos: 1, files: 2 });
  const bank = openHashBank(bytes);
  expect(bank.lookup(wordsFor(PICTURE), 31)).toEqual([{ entry: 'café 猫', distance: 0 }]);
  expect(bank.lookup(wordsFor(PICTURE.replace(/^f/, 'e')), 0)).toEqual([{ entry: 'café 猫', distance: 0 }]);
  expect(bank.lookup(wordsFor('0'.repeat(64)), 31)).toEqual([{ entry: '0'.repeat(63) + '1', distance: 1 }]);
  expect(bank.lookup(wordsFor('a'.repeat(64)), 31)).toEqual([]);
  expect(bank.lookupFrame(wordsFor('a'.repeat(63) + 'b'), 31)).toEqual([{ entry: 'clip', frame: 1, distance: 1 }]);
  const clip = bank.videos.get('clip');
  expect([[...(clip?.qualities ?? [])], [...(clip?.timestampsS ?? [])]]).toEqual([
    [100, 60],
    [0, 1.5],
  ]);
  expect(hexOf(clip?.hashes.subarray(8) ?? new Uint32Array())).toBe('a'.repeat(64));
  expect(bank.findFile('0123456789ABCDEF0123456789abcdef')).toBe('file');
  expect(bank.findFile('fedc'.repeat(16))).toBe('fedc'.repeat(16));
  expect(bank.findFile('0'.repeat(32))).toBeNull();
  expect(bank.findFile('nonsense')).toBeNull();
});

test('digests are found among many', () => {
  const builder = new HashBankBuilder();
  const words = makeHashes(1000, 'random');
  for (let row = 0; row < 1000; row++) builder.addFile(`f${row}`, rowOf(words, row));
  const bank = openHashBank(builder.build().bytes);
  for (let row = 0; row < 1000; row += 7) expect(bank.findFile(hexOf(rowOf(words, row)))).toBe(`f${row}`);
});

test('equal sets make equal bytes, in whatever order and how often things come', () => {
  const { bytes } = filled().build();
  const again = new HashBankBuilder();
  again.addFile(null, wordsFor('fedc'.repeat(16)));
  again.addBank(bytes);
  again.addPicture('café 猫', wordsFor(PICTURE));
  again.addBank(bytes);
  expect(Buffer.compare(again.build().bytes, bytes)).toBe(0);
});

test('entries are left out by their names', () => {
  const builder = new HashBankBuilder();
  const left = builder.addBank(filled().build().bytes, new Set(['café 猫', 'clip', '0'.repeat(63) + '1', 'other']));
  expect([...left].sort()).toEqual(['0'.repeat(63) + '1', 'café 猫', 'clip']);
  expect(builder.build().counts).toEqual({ pictures: 0, videos: 0, files: 2 });
});

test('a bank opens from memory that lies anywhere', () => {
  const { bytes } = filled().build();
  const shifted = new Uint8Array(bytes.length + 3);
  shifted.set(bytes, 3);
  expect(openHashBank(shifted.subarray(3)).lookup(wordsFor(PICTURE), 0)).toHaveLength(1);
});

test('what is no bank of hashes is refused', () => {
  const { bytes } = filled().build();
  expect(() => openHashBank(bytes.subarray(0, bytes.length / 2))).toThrow(NotABankError);
  expect(() => openHashBank(new TextEncoder().encode('nonsense\n'))).toThrow(/import the bank anew/);
  expect(() => openHashBank(writeSections('images', []))).toThrow(NotABankError);
  expect(() => readHashSections(writeSections('hashes', []))).toThrow(/no section/);
});

test('a bank of many pictures is looked up by its index, also when others had the thread while it was opened', async () => {
  const words = makeHashes(5000, 'clustered');
  const content = bankOf(words);
  let turns = 0;
  const counting = setInterval(() => turns++, 0);
  const bank = await openHashBankInSteps(content);
  clearInterval(counting);
  expect(turns).toBeGreaterThan(0);
  const question = rowOf(words, 4243);
  expect(bank.lookup(question, 31)).toEqual(openHashBank(content).lookup(question, 31));
  const found = bank.lookup(rowOf(words, 4242), 31);
  expect(found[0]).toEqual({ entry: '4242', distance: 0 });
  expect(found.length).toBeGreaterThan(20);
});
