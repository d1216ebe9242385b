import fc from 'fast-check';
import { askedRange } from '../../src/domain/byte-range.js';

describe('a Range header', () => {
  it.each([
    ['bytes=0-99', { from: 0, to: 99 }],
    ['bytes=500-', { from: 500, to: 999 }],
    ['bytes=-200', { from: 800, to: 999 }],
    ['bytes=-5000', { from: 0, to: 999 }],
    ['bytes=900-5000', { from: 900, to: 999 }],
    ['Bytes=0-0', { from: 0, to: 0 }],
  ])('asks by %s for a part', (header, range) => {
    expect(askedRange(header, 1000)).toEqual(range);
  });

  it.each([undefined, '', 'bytes=', 'bytes=-', 'bytes=9-3', 'bytes=0-1,5-9', 'lines=1-2', 'bytes=a-b', 'bytes=1.5-2'])(
    'asks by %p for everything',
    (header) => {
      expect(askedRange(header, 1000)).toBe('all');
    },
  );

  it.each(['bytes=1000-', 'bytes=1000-2000', 'bytes=-0'])('asks by %s for nothing that there is', (header) => {
    expect(askedRange(header, 1000)).toBe('none');
  });

  it('never leads out of the content', () => {
    const number = fc.option(fc.nat(), { nil: '' });
    fc.assert(
      fc.property(number, number, fc.nat(), (first, last, size) => {
        const range = askedRange(`bytes=${first}-${last}`, size);
        if (typeof range === 'string') return;
        expect(range.from).toBeGreaterThanOrEqual(0);
        expect(range.from).toBeLessThanOrEqual(range.to);
        expect(range.to).toBeLessThan(size);
      }),
    );
  });
});
