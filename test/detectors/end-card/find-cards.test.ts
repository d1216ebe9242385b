import * as fc from 'fast-check';
import { findCards } from '../../../src/detectors/end-card/find-cards.js';
import { thumbnailDistance } from '../../../src/detectors/end-card/thumbnail.js';
import type { Observation } from '../../../src/schema/observation.js';

const CARD = 'f0f0f0f00f0f0f0f';
/** A different picture for each sample. */
const moving = (sample: number): string =>
  ((BigInt(sample + 1) * 0x9e3779b97f4a7c15n) & 0xffffffffffffffffn).toString(16).padStart(16, '0');

/** A video of one sample a second; `card`: samples that show the card, `said`: what text found on which samples. */
function cardsOf(count: number, card: readonly number[], said: readonly Partial<Observation>[]) {
  const thumbnails = Array.from({ length: count }, (_, sample) => ({
    ...{ detector: 'end-card', sample, class: 'thumbnail', score: 0 },
    text: card.includes(sample) ? CARD : moving(sample),
  }));
  const found = said.map((it) => ({
    detector: 'text',
    class: 'url',
    score: 0.9,
    sample: 0,
    text: 'www.example.com',
    ...it,
  }));
  return findCards({
    observations: [...thumbnails, ...found],
    plan: { kind: 'grid', spacing: { num: 1, den: 1 }, count },
    video: { timeBase: { num: 1, den: 1000 }, durationS: count },
    sourceMd5: '',
  });
}

const on = (samples: readonly number[], over: Partial<Observation> = {}) =>
  samples.map((sample) => ({ sample, ...over }));

describe('end cards', () => {
  it('are still pictures at the end with something firm on them, told with what it is and from when to when', () => {
    expect(cardsOf(30, [26, 27, 28, 29], on([26, 27, 28]))).toEqual([
      {
        sample: 26,
        class: 'end-card',
        score: 0.9,
        text: 'www.example.com',
        span: { startS: 26, endS: 30 },
      },
    ]);
  });

  it('count less in between, where a scene without movement may be as well', () => {
    const [card] = cardsOf(30, [10, 11, 12, 13], on([10, 11, 12, 13]));
    expect(card).toMatchObject({ score: 0.8, span: { startS: 10, endS: 13 } });
  });

  it('may come back: each time is told, also where one alone would be too short', () => {
    const cards = cardsOf(30, [5, 6, 15, 25], on([5, 6, 15, 25]));
    expect(cards.map(({ score, span }) => [score, span])).toEqual([
      [0.9, { startS: 5, endS: 6 }],
      [0.9, { startS: 15, endS: 16 }],
      [0.9, { startS: 25, endS: 26 }],
    ]);
  });

  it('with a price only reach a review where they end the video, and not in between', () => {
    const price = { class: 'price', score: 0.38, text: '$9' };
    expect(cardsOf(30, [26, 27, 28, 29], on([26, 27, 28, 29], price))[0]?.score).toBe(0.75);
    expect(cardsOf(30, [10, 11, 12, 13], on([10, 11, 12, 13], price))[0]?.score).toBe(0.5);
  });

  it('may have a code on them', () => {
    const code = { detector: 'codes', class: 'qrcode', text: 'https://example.com' };
    expect(cardsOf(30, [26, 27, 28, 29], on([26, 27, 28, 29], code))[0]).toMatchObject({ score: 0.9, text: code.text });
  });

  it.each([
    ['nothing that advertises on them', [26, 27, 28, 29], on([26, 27, 28, 29], { class: 'reading' })],
    ['terms of another scene on them', [26, 27, 28, 29], on([26, 27, 28, 29], { class: 'term', scene: 'porn' })],
    ['something on one sample of many', [20, 21, 22, 23, 24, 25, 26, 27, 28, 29], on([22])],
    ['something that is hardly read', [26, 27, 28, 29], on([26, 27, 28, 29], { score: 0.2 })],
    ['less than three seconds', [28, 29], on([28, 29])],
    ['no stillness', [], on([26, 27, 28, 29])],
    ['a find of another detector', [26, 27, 28, 29], on([26, 27, 28, 29], { detector: 'own-model' })],
  ])('are none with %s', (_, card, said) => {
    expect(cardsOf(30, card, said)).toEqual([]);
  });

  it('are the same whatever the order of observations, and lie within the video', () => {
    const said = fc.array(
      fc.record({
        sample: fc.integer({ min: 0, max: 19 }),
        class: fc.constantFrom('url', 'price', 'reading', 'qrcode'),
        score: fc.double({ min: 0, max: 1, noNaN: true }),
        text: fc.constantFrom('a', 'b'),
      }),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 19 })), said, (card, finds) => {
        const cards = cardsOf(20, card, finds);
        expect(cardsOf(20, card, [...finds].reverse())).toEqual(cards);
        for (const { sample, span, score } of cards) {
          expect(span!.startS).toBeLessThanOrEqual(sample);
          expect(span!.endS).toBeLessThanOrEqual(20);
          expect(score).toBeLessThan(1);
        }
      }),
    );
  });
});

describe('the distance of thumbnails', () => {
  it('is the number of bits that differ', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), (a, b) => {
        const bits = (a ^ b).toString(2).replaceAll('0', '').length;
        expect(thumbnailDistance(a.toString(16).padStart(16, '0'), b.toString(16).padStart(16, '0'))).toBe(bits);
      }),
    );
  });
});
