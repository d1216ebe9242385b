import fc from 'fast-check';
import { fitsResource, fitsWildcard } from '../../../src/auth/ram/wildcard.js';

/** The same by a regular expression, which is slow where it fails but hard to get wrong. */
const byExpression = (pattern: string, single: boolean) =>
  new RegExp(`^${pattern.replace(/[*?]/g, (sign) => (sign === '*' ? '.*' : single ? '.' : '\\?'))}$`, 's');
const few = (signs: string) => fc.string({ unit: fc.constantFrom(...signs.split('')), maxLength: 10 });

test('a pattern fits what its regular expression fits', () => {
  fc.assert(
    fc.property(few('ab*?'), few('ab?'), fc.boolean(), (pattern, text, single) => {
      expect(fitsWildcard(pattern, text, single ? '?' : null)).toBe(byExpression(pattern, single).test(text));
    }),
    { numRuns: 5000 },
  );
});

test('a pattern that drives regular expressions mad is done in no time', () => {
  expect(fitsWildcard(`${'*a'.repeat(200)}b`, 'a'.repeat(20_000))).toBe(false);
});

test('a wildcard of one part of a resource never reaches into the next', () => {
  const resource = 'acs:imm:cn-hangzhou:42:project/demo:1';
  expect(fitsResource('acs:imm:*:*:project/demo:1', resource)).toBe(true);
  expect(fitsResource('acs:imm:*:*:project/*', resource)).toBe(true);
  expect(fitsResource('acs:*:*:*:*', resource)).toBe(true);
  expect(fitsResource('*', resource)).toBe(true);
  expect(fitsResource('acs:imm:*:project/demo:1', resource)).toBe(false);
  expect(fitsResource('acs:imm:*', resource)).toBe(false);
  expect(fitsResource('acs:imm:*:7:*', 'acs:imm:cn-hangzhou:42:project/x:7:y')).toBe(false);
});
