import * as fc from 'fast-check';
import { join } from 'node:path';
import { adPictures, asLines, benignPictures, decisiveFinds } from '../../../bench/text/tables.js';
import { findInText } from '../../../src/detectors/text/findings-in-text.js';
import { openTerms, termProblem } from '../../../src/detectors/text/terms/open-term-bank.js';
import type { BankRef } from '../../../src/schema/bank.js';
import { Policy } from '../../../src/schema/policy.js';
import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { ROOT } from '../../support/build.js';
import { lineAt } from './support/line-at.js';

const TABLES = join(ROOT, 'bench', 'text');

/** Missed on purpose: a word with a point behind it is what a missing space makes as well, and digits in two scripts at once are rare. */
const MISSED = [
  'best.buys.today',
  'freecoins.game',
  'Watch full video on videozone.to',
  'rich.fast',
  '壹③九 1234 5678',
];

async function reviewThreshold(): Promise<number> {
  const policy = Policy.parse(parse(await readFile(join(ROOT, 'policies', 'default.yaml'), 'utf8')));
  return policy.scenes.ad?.detectors['text']?.review ?? NaN;
}

const bank = (over: Partial<BankRef> = {}) => ({
  name: 'words',
  scene: 'ad' as const,
  atMost: 'block' as const,
  ...over,
});
const terms = (...words: string[]) => words.map((term) => ({ term, kind: 'words' as const }));

describe('what advertises', () => {
  it('is found in the tables of writing, at the review threshold of the default policy', async () => {
    const review = await reviewThreshold();
    const pictures = await adPictures(TABLES);
    const missed = pictures.filter(
      ({ expected, written }) => !decisiveFinds(written, review).some((find) => find.class === expected),
    );
    expect(pictures.length).toBeGreaterThanOrEqual(150);
    expect(missed.map(({ written }) => written)).toEqual(MISSED);
  });

  it.each(['known', 'held-out'] as const)('is not found in the writing of harmless videos: %s table', async (table) => {
    const review = await reviewThreshold();
    const pictures = await benignPictures(TABLES, table);
    expect(pictures.length).toBeGreaterThanOrEqual(100);
    expect(
      pictures.flatMap((written) => decisiveFinds(written, review).map((find) => ({ written, text: find.text }))),
    ).toEqual([]);
  });

  it.each([
    ['Ｗｗｗ．Example ．com/Deal.', 'url', 'www.example.com/deal'],
    ['example (dot) com', 'url', 'example.com'],
    ['Call (212) 555-0147', 'phone', '2125550147'],
    ['+86 138-0013-8000', 'phone', '+8613800138000'],
    ['t . me / ExampleChannel', 'messenger', 't.me/examplechannel'],
  ])('%s is told as the %s %s, however it is spaced', (written, kind, text) => {
    expect(findInText([lineAt(written)], [], ['ad'])).toEqual([expect.objectContaining({ class: kind, text })]);
  });

  it('asks for a person at most, with the box of its line and the confidence of reading in its score', () => {
    const [find] = findInText([lineAt('www.example.com', { confidence: 0.5 })], [], ['ad']);
    expect(find).toMatchObject({ class: 'url', atMost: 'review', box: { x: 0.1, y: 0.1 } });
    expect(find?.score).toBeCloseTo(0.97 * 0.5);
  });

  it('is a lone price only below every review, and with the demand to buy elsewhere in the picture above', async () => {
    const review = await reviewThreshold();
    const price = lineAt('$19.99', { y: 0.1 });
    expect(findInText([price], [], ['ad'])[0]?.score).toBeLessThan(review);
    const [offer] = findInText([price, lineAt('ORDER NOW', { y: 0.9 })], [], ['ad']);
    expect(offer).toMatchObject({ class: 'price', text: '$19.99' });
    expect(offer?.score).toBeGreaterThanOrEqual(review);
  });

  it('is looked for in the scene ad only', () => {
    expect(findInText([lineAt('www.example.com')], [], ['porn', 'terrorism'])).toEqual([]);
  });
});

describe('terms of banks', () => {
  it('speak for the scene of their bank, name the entry and its distance, and may as much as the bank', () => {
    const may = openTerms(bank({ scene: 'terrorism' }), [{ term: 'bad word', id: 'entry-7', kind: 'words' }]);
    const [find] = findInText([lineAt('some b4d word here')], [may], ['terrorism']);
    expect(find).toMatchObject({
      class: 'term',
      scene: 'terrorism',
      text: 'b4d word',
      match: { bank: 'words', entry: 'entry-7', distance: 1 },
    });
    expect(find).not.toHaveProperty('atMost');
    const review = openTerms(bank({ atMost: 'review' }), terms('bad word'));
    expect(findInText([lineAt('a bad word')], [review], ['ad'])[0]).toMatchObject({ atMost: 'review' });
  });

  it('are not asked of banks of other scenes, nor of banks that may decide nothing', () => {
    const other = openTerms(bank({ scene: 'porn' }), terms('word'));
    const silent = openTerms(bank({ atMost: 'pass' }), terms('word'));
    expect(findInText([lineAt('a word')], [other, silent], ['ad'])).toEqual([]);
  });

  it('are found across neighbouring boxes, with the rectangle around both', () => {
    const open = openTerms(bank(), terms('free money', '加微信'));
    const lines = [
      lineAt('get free', { y: 0.1 }),
      lineAt('money', { y: 0.18 }),
      lineAt('请加', { y: 0.5 }),
      lineAt('微信', { y: 0.58 }),
    ];
    const found = findInText(lines, [open], ['ad']).filter((find) => find.class === 'term');
    expect(found.map(({ match, text }) => [match?.entry, text])).toEqual(
      expect.arrayContaining([
        ['free money', 'free money'],
        ['加微信', '加 微信'],
      ]),
    );
    expect(found.find(({ match }) => match?.entry === 'free money')?.box).toMatchObject({
      y: 0.1,
      height: expect.closeTo(0.15),
    });
  });

  it('that are exact reach 0.9 where they are read well, and disguised ones a review at least', () => {
    const open = openTerms(bank(), terms('casino'));
    expect(findInText([lineAt('casino')], [open], ['ad'])[0]?.score).toBeGreaterThanOrEqual(0.9);
    expect(findInText([lineAt('C.A.S.1.N.O')], [open], ['ad'])[0]?.score).toBeGreaterThanOrEqual(0.7);
  });

  it('may be regular expressions, which see the text as it stands', () => {
    const open = openTerms(bank(), [{ term: 'cod[ei]\\s?\\d{4}', id: 'code', kind: 'regexp' }]);
    expect(findInText([lineAt('CODE 1234')], [open], ['ad'])).toEqual([
      expect.objectContaining({
        class: 'term',
        text: 'CODE 1234',
        match: { bank: 'words', entry: 'code', distance: 0 },
      }),
    ]);
    expect(findInText([lineAt('c0de 1234')], [open], ['ad'])).toEqual([]);
  });

  it('are objected to where they could never be found, or take too long', () => {
    expect(termProblem({ term: '...', kind: 'words' })).toMatch(/^Expected two letters.*\.$/);
    expect(termProblem({ term: 'x', kind: 'words' })).toMatch(/^Expected two letters/);
    expect(termProblem({ term: '赌', kind: 'words' })).toBeNull();
    expect(termProblem({ term: '(a+', kind: 'regexp' })).toMatch(/^Expected a closing parenthesis/);
    expect(termProblem({ term: '(?:a+)+b', kind: 'regexp' })).toBeNull();
    expect(openTerms(bank(), [{ term: '(a', kind: 'regexp' }, ...terms('', '!')]).find('(a !')).toEqual([]);
  });
});

describe('findings', () => {
  const unicode = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: 'grapheme' }),
    fc.constantFrom('www.a.com', '138 0013 8000', '$9', '加微信'),
  );
  const lines = fc.array(
    fc
      .record({ text: unicode, y: fc.integer({ min: 0, max: 9 }) })
      .map(({ text, y }) => lineAt(text || ' ', { y: y / 10 })),
    { maxLength: 6 },
  );

  it('never throw, are the same for every order of the lines and every repetition, and are scores and boxes', () => {
    fc.assert(
      fc.property(lines, fc.array(unicode, { maxLength: 4 }), (written, words) => {
        const open = openTerms(bank(), terms(...words));
        const found = findInText(written, [open], ['ad']);
        expect(findInText(written, [open], ['ad'])).toEqual(found);
        for (const { score, box } of found) {
          expect(score).toBeGreaterThan(0);
          expect(score).toBeLessThanOrEqual(1);
          expect(box?.width).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });

  it('do not depend on the order of lines', () => {
    const written = asLines('加微信:shop_88 ⏎ $19.99 ⏎ www.example.com ⏎ 电话 010-62345678');
    expect(findInText([...written].reverse(), [], ['ad'])).toEqual(findInText(written, [], ['ad']));
  });

  it('of a picture full of writing are bounded', () => {
    const written = Array.from({ length: 200 }, (_, index) =>
      lineAt(`www.example${index}.com`, { y: index / 200, height: 0.004 }),
    );
    expect(findInText(written, [], ['ad'])).toHaveLength(50);
  });
});
