import fc from 'fast-check';
import { type SignableRequest, signV1, signV3 } from '../support/sign-request.js';
import { against, DATE, makeKey, outcome } from './authentication.js';

const key = makeKey({ securityToken: 'a token' });
const text = fc.string({ unit: 'grapheme', maxLength: 12 });
const name = fc.stringMatching(/^[A-Z][A-Za-z]{0,8}[0-9]$/);
const parameters = fc.dictionary(name, text, { maxKeys: 4 });

/** One bit of one byte of a text, in UTF-8; what is no text any more arrives with the sign for that. */
function flip(value: string, at: number, bit: number): string {
  const bytes = Buffer.from(value);
  bytes[at % bytes.length]! ^= 1 << bit;
  return bytes.toString('utf8');
}

/** Every part of a request that a signature covers: how to read it and how to put another in its place. */
type Part = { read: () => string; write: (value: string) => void };

function partsOf(request: SignableRequest, headersCount: boolean): Part[] {
  const parts: Part[] = [
    { read: () => request.method, write: (value) => (request.method = value) },
    { read: () => request.path, write: (value) => (request.path = value) },
  ];
  // A form is what its body says, which version 3 signs by its bytes.
  for (const list of headersCount ? [request.query] : [request.query, request.form])
    for (const pair of list)
      parts.push(
        { read: () => pair[0], write: (value) => (pair[0] = value) },
        { read: () => pair[1], write: (value) => (pair[1] = value) },
      );
  if (headersCount)
    parts.push({ read: () => request.body.toString('latin1'), write: (value) => (request.body = Buffer.from(value)) });
  for (const [header, [value]] of headersCount ? request.headers : [])
    parts.push({ read: () => value!, write: (changed) => request.headers.set(header, [changed]) });
  return parts.filter((part) => part.read() !== '');
}

/** Trimmed away, as HTTP has it: a header's value is the same with them. */
const sameValue = (before: string, after: string) => before.trim() === after.trim();

describe.each([
  ['version 3', signV3, true],
  ['version 1', signV1, false],
])('a request signed by %s', (_, sign, headersCount) => {
  test('is let in as it is, and refused with any one bit of it flipped', async () => {
    await fc.assert(
      fc.asyncProperty(
        parameters,
        parameters,
        fc.nat(),
        fc.nat(),
        fc.nat({ max: 7 }),
        async (query, given, whichPart, at, bit) => {
          const form = Object.fromEntries(Object.entries(given).map(([field, value]) => [`F${field}`, value]));
          const request = sign(key, { action: 'GetTask', date: DATE, query, form });
          expect(await outcome(request, against([key]))).toHaveProperty('accessKeyId');
          const parts = partsOf(request, headersCount);
          const part = parts[whichPart % parts.length]!;
          const before = part.read();
          const after = flip(before, at, bit);
          // A sign for what is no text may stand in the place of another one.
          fc.pre(!sameValue(before, after));
          part.write(after);
          expect(await outcome(request, against([key]))).toMatch(/^40[04] /);
        },
      ),
      { numRuns: 1500 },
    );
  });

  test('is refused with every single bit of its signature flipped', async () => {
    const bits = (request: SignableRequest) => {
      const place = headersCount ? request.headers.get('authorization')![0]! : request.query.at(-1)![1];
      return [...Buffer.from(place).keys()].flatMap((at) => [0, 1, 2, 3, 4, 5, 6, 7].map((bit) => [at, bit] as const));
    };
    const nonce = 'nonce';
    for (const [at, bit] of bits(sign(key, { action: 'GetTask', date: DATE, nonce }))) {
      const request = sign(key, { action: 'GetTask', date: DATE, nonce });
      if (headersCount)
        request.headers.set('authorization', [flip(request.headers.get('authorization')![0]!, at, bit)]);
      else request.query.at(-1)![1] = flip(request.query.at(-1)![1], at, bit);
      expect([at, bit, await outcome(request, against([key]))]).toEqual([at, bit, expect.stringMatching(/^40[04] /)]);
    }
  });
});
