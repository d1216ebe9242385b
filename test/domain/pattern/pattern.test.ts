import * as fc from 'fast-check';
import { compilePattern } from '../../../src/domain/pattern/pattern.js';
import { PatternSyntaxError } from '../../../src/domain/pattern/pattern-syntax.js';

const found = (source: string, text: string): string | null => {
  const stretch = compilePattern(source).find(text);
  return stretch && text.slice(stretch.start, stretch.end);
};

describe('a pattern', () => {
  it.each([
    ['free', 'get it FREE now', 'FREE'],
    ['fr+ee?', 'frrre', 'frrre'],
    ['a{2,3}', 'caaaat', 'aaa'],
    ['a{2}', 'caaat', 'aa'],
    ['a{2,}b', 'aaaab', 'aaaab'],
    ['(?:cat|dog)s?', 'two dogs', 'dogs'],
    ['(?<kind>cat|dog)', 'a dog', 'dog'],
    ['^win', 'win big', 'win'],
    ['^win', 'to win', null],
    ['big$', 'win big', 'big'],
    ['\\bcat\\b', 'concatenate', null],
    ['\\bcat\\b', 'the cat.', 'cat'],
    ['cat\\B', 'the cat, cats', 'cat'],
    ['[0-9]{3}-\\d+', 'no 555-1234', '555-1234'],
    ['[^a-z ]+', 'abc 12é', '12é'],
    ['\\p{Script=Han}{2}', 'ab加微信', '加微'],
    ['加.{0,3}信', '请加我的微信', '加我的微信'],
    ['\\u{1F4B0}+', 'x💰💰', '💰💰'],
    ['\\$\\d+', 'now $99', '$99'],
    ['a.c', 'a\nc abc', 'abc'],
    ['(a|ab)(c|bcd)', 'abcd', 'abcd'],
    ['x*y', 'aaxxy', 'xxy'],
    ['\\bcat', 'concat cats', 'cat'],
    ['t$', 'to cut', 't'],
  ])('%s finds in %j what the language would', (source, text, expected) => {
    expect(found(source, text)).toBe(expected);
  });

  it.each([
    ['(a', 'a closing parenthesis'],
    ['a)', 'no closing parenthesis without an opening one'],
    ['a**', 'one quantifier'],
    ['*a', 'something to repeat'],
    ['^*', 'something to repeat'],
    ['(a)\\1', 'no reference back'],
    ['(?=a)b', 'no looking ahead or behind'],
    ['(?<!a)b', 'no looking ahead or behind'],
    ['(?i)a', 'no looking ahead or behind and no flags'],
    ['[z-a]', 'a class in brackets'],
    ['\\p{Nothing}', 'a class in brackets'],
    ['[abc', 'a character'],
    ['a{9,2}', 'the lower one first'],
    ['a{999}', 'a count from 0 to 100'],
    ['(?:a{100}){100}', 'at most 2000 steps'],
    ['a*', 'does not match the empty text'],
    ['\\b', 'does not match the empty text'],
  ])('%s is refused with a sentence', (source, why) => {
    expect(() => compilePattern(source)).toThrow(PatternSyntaxError);
    expect(() => compilePattern(source)).toThrow(why);
  });

  it('of more than 500 characters is refused with a sentence', () => {
    expect(() => compilePattern('a'.repeat(501))).toThrow('Expected at most 500 characters');
  });

  it('takes the same few looks at each character whatever the text', () => {
    // The engine of the language needs 2^40 steps for this: it would never come back.
    expect(found('(?:a+)+b', 'a'.repeat(40))).toBeNull();
    expect(found('(?:a|aa)+$', `${'a'.repeat(1000)}!`)).toBeNull();
    expect(found('(?:x?){50}x{50}', 'x'.repeat(50))).toBe('x'.repeat(50));
  });

  it('finds something exactly where the engine of the language does', () => {
    const letter = fc.constantFrom('a', 'b', 'c', '.', '[ab]', '[^a]', '\\w', '加', '^a', 'b$', '💰');
    const { node } = fc.letrec<{ node: string; many: string }>((tie) => ({
      node: fc.oneof({ maxDepth: 3 }, letter, tie('many')),
      many: fc.oneof(
        fc.tuple(tie('node'), tie('node')).map(([a, b]) => `${a}${b}`),
        fc.tuple(tie('node'), tie('node')).map(([a, b]) => `(?:${a}|${b})`),
        fc.tuple(tie('node'), fc.constantFrom('?', '*', '+', '{2}', '{1,2}')).map(([a, mark]) => `(?:${a})${mark}`),
      ),
    }));
    fc.assert(
      fc.property(
        node,
        fc.string({ unit: fc.constantFrom('a', 'b', 'c', '加', ' ', '💰'), maxLength: 8 }),
        (source, text) => {
          const native = new RegExp(`(?:${source})`, 'iu');
          fc.pre(!native.test(''));
          expect(found(source, text) !== null).toBe(native.test(text));
          const first = compilePattern(source).find(text);
          if (first) expect(first.start).toBe(native.exec(text)?.index);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('never throws anything but its own error', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' }), (source, text) => {
        try {
          compilePattern(source).find(text);
        } catch (error) {
          expect(error).toBeInstanceOf(PatternSyntaxError);
        }
      }),
    );
  });
});
