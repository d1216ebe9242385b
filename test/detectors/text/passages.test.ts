import * as fc from 'fast-check';
import { linesBetween, passagesOf } from '../../../src/detectors/text/passages.js';
import { lineAt } from './support/line-at.js';

const texts = (...lines: Parameters<typeof lineAt>[]): string[] =>
  passagesOf(lines.map((line) => lineAt(...line))).map(({ text }) => text);

describe('passages', () => {
  it('join boxes of one row with a space and rows with a line break', () => {
    expect(
      texts(['second row', { x: 0.1, y: 0.2 }], ['WeChat:', { x: 0.1, y: 0.1 }], ['shop_88', { x: 0.255, y: 0.102 }]),
    ).toEqual(['WeChat: shop_88\nsecond row']);
  });

  it('keep columns apart', () => {
    expect(
      texts(
        ['left', { x: 0.1, y: 0.1 }],
        ['column', { x: 0.1, y: 0.19 }],
        ['right', { x: 0.6, y: 0.1 }],
        ['one', { x: 0.6, y: 0.19 }],
      ),
    ).toEqual(['left\ncolumn', 'right\none']);
  });

  it('keep writing of another size and writing far below apart', () => {
    expect(
      texts(
        ['HEADLINE', { x: 0.1, y: 0.1, height: 0.2 }],
        ['small', { x: 0.1, y: 0.31, height: 0.05 }],
        ['far below', { x: 0.1, y: 0.8, height: 0.05 }],
      ),
    ).toEqual(['HEADLINE', 'small', 'far below']);
  });

  it('are in normal form, with one space between words', () => {
    expect(texts(['ｗｗｗ．ｅｘａｍｐｌｅ  ．ｃｏｍ ', { x: 0.1, y: 0.1 }])).toEqual(['www.example .com']);
  });

  it('tell where something in them lies, and how surely it was read', () => {
    const [passage] = passagesOf([
      lineAt('free', { x: 0.1, y: 0.1, width: 0.2, confidence: 0.9 }),
      lineAt('money', { x: 0.1, y: 0.18, width: 0.3, confidence: 0.8 }),
      lineAt('later', { x: 0.1, y: 0.26, width: 0.3, confidence: 0.7 }),
    ]);
    const { box, confidence } = linesBetween(passage!, 0, 'free\nmoney'.length);
    expect(confidence).toBe(0.8);
    expect(box.height).toBeCloseTo(0.15);
    expect(linesBetween(passage!, 5, 7).confidence).toBe(0.8);
  });

  it('hold every line once, whatever the boxes and their order', () => {
    const share = fc.integer({ min: 0, max: 20 }).map((value) => value / 20);
    const line = fc
      .record({ text: fc.string({ minLength: 1 }), x: share, y: share, width: share, height: share })
      .map(({ text, ...box }) => lineAt(text, box));
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), (lines) => {
        const passages = passagesOf(lines);
        const kept = passages.flatMap((passage) => passage.lines.map((part) => part.line));
        expect(kept).toHaveLength(lines.length);
        expect(new Set(kept)).toEqual(new Set(lines));
        for (const { text, lines: parts } of passages)
          for (const { at, line: part } of parts)
            expect(text.slice(at)).toMatch(/./s.test(part.text.trim()) ? /./s : /^/);
      }),
    );
  });

  it('are cut where they would be too long', () => {
    const lines = Array.from({ length: 20 }, (_, row) =>
      lineAt('x'.repeat(500), { x: 0.1, y: row * 0.04, height: 0.04 }),
    );
    const passages = passagesOf(lines);
    expect(passages.length).toBeGreaterThan(1);
    expect(Math.max(...passages.map(({ text }) => text.length))).toBeLessThan(4100);
    expect(passages.flatMap((passage) => passage.lines)).toHaveLength(20);
  });
});
