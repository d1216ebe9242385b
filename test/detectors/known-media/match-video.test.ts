import { HashBankBuilder } from '../../../src/banks/hash-bank-builder.js';
import { openHashBank, type HashBank } from '../../../src/banks/hash-bank.js';
import { matchVideos, type HashedSample } from '../../../src/detectors/known-media/match-video.js';
import { hashText, nearlyMirrored } from '../../../src/detectors/known-media/pdq-hash.js';

const signal = new AbortController().signal;

/** A hash of its own for each number, about 128 bits from any other. */
function hash(number: number): Uint32Array {
  let state = number * 7919 + 1;
  return Uint32Array.from({ length: 8 }, () => {
    state = (state * 48271) % 2147483647;
    const high = state;
    state = (state * 48271) % 2147483647;
    return ((high << 16) ^ state) >>> 0;
  });
}

function bank(videos: Record<string, number[]>, quality: (frame: number) => number = () => 100): HashBank {
  const builder = new HashBankBuilder();
  for (const [entry, numbers] of Object.entries(videos)) {
    builder.addVideo(entry, {
      hashes: Uint32Array.from(numbers.flatMap((number) => [...hash(number)])),
      qualities: Uint8Array.from(numbers, (_, frame) => quality(frame)),
      timestampsS: Float64Array.from(numbers, (_, frame) => frame),
    });
  }
  return openHashBank(builder.build().bytes);
}

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, index) => from + index);
const samples = (...numbers: number[]): HashedSample[] =>
  numbers.map((number, sample) => ({ sample, hashes: [hashText(hash(number))] }));
const entries = async (known: HashBank, asked: HashedSample[], spacingS = 1): Promise<string[]> =>
  (await matchVideos(known, asked, spacingS, signal)).map(({ entry }) => entry);

describe('videos match', () => {
  it('when four fifths of the known one are in the other, however long that is', async () => {
    const known = bank({ known: range(0, 10) });
    expect(await entries(known, samples(...range(0, 8), ...range(100, 200)))).toEqual(['known']);
    expect(await entries(known, samples(...range(0, 7), ...range(100, 200)))).toEqual([]);
  });

  it('when four fifths of the one in question are in the known one, however long that is', async () => {
    const known = bank({ known: range(0, 200) });
    expect(await entries(known, samples(...range(50, 58), 500, 501))).toEqual(['known']);
    expect(await entries(known, samples(...range(50, 57), 500, 501, 502))).toEqual([]);
  });

  it('with three different frames at least: the same title shown for long is one', async () => {
    const known = bank({ known: [1, 1, 1, 1, 2] });
    expect(await entries(known, samples(1, 1, 1, 1, 2))).toEqual([]);
    expect(await entries(bank({ known: [1, 2, 3] }), samples(1, 2, 3))).toEqual(['known']);
  });

  it('wherever samples that lie far apart meet every stretch of the known one', async () => {
    const known = bank({ known: range(0, 100) });
    const asked = samples(...range(0, 10).map((index) => index * 10 + 3), ...range(1000, 1010));
    expect(await entries(known, asked, 10)).toEqual(['known']);
    expect(await entries(known, asked, 1)).toEqual([]);
  });

  it('by frames of quality 50 and more only', async () => {
    const asked = samples(...range(0, 10), ...range(100, 200));
    expect(
      await entries(
        bank({ known: range(0, 10) }, () => 49),
        asked,
      ),
    ).toEqual([]);
    // Half of it cannot be told by; the other half is all that counts.
    expect(
      await entries(
        bank({ known: range(0, 10) }, (frame) => (frame % 2 === 0 ? 100 : 10)),
        asked,
      ),
    ).toEqual(['known']);
  });

  it('up to 31 bits, and mirrored', async () => {
    const known = bank({ known: range(0, 5) });
    const turned = (bits: number): HashedSample[] =>
      range(0, 5).map((number) => {
        const other = hash(number);
        for (let bit = 0; bit < bits; bit++) other[bit >> 2] = ((other[bit >> 2] ?? 0) ^ (1 << ((bit % 4) * 7))) >>> 0;
        return { sample: number, hashes: [hashText(other)] };
      });
    expect(await entries(known, turned(31))).toEqual(['known']);
    expect(await entries(known, turned(32))).toEqual([]);
    const mirrored = range(0, 5).map((number) => ({
      sample: number,
      hashes: [hashText(nearlyMirrored(hash(number)))],
    }));
    expect(await entries(known, mirrored)).toEqual(['known']);
  });

  it('with each known one that is the same, by name, and say at which samples and how far away', async () => {
    const known = bank({ b: range(0, 5), a: range(0, 6), other: range(50, 60) });
    const matches = await matchVideos(known, samples(900, ...range(0, 5), 901), 1, signal);
    expect(matches.map(({ entry }) => entry)).toEqual(['a', 'b']);
    expect(matches[1]?.samples).toEqual(range(1, 6).map((sample) => ({ sample, distance: 0 })));
  });

  it('with the three nearest of many that are the same', async () => {
    const known = bank({ d: range(0, 5), c: range(0, 5), b: range(0, 5), a: range(0, 5) });
    expect(await entries(known, samples(...range(0, 5)))).toEqual(['a', 'b', 'c']);
  });

  it('stop when they are told to', async () => {
    const reason = new Error('enough');
    const stopped = matchVideos(bank({ known: range(0, 5) }), samples(0, 1, 2), 1, AbortSignal.abort(reason));
    await expect(stopped).rejects.toBe(reason);
  });
});
