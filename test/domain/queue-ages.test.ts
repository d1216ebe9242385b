import fc from 'fast-check';
import { ageInstants, agesOf } from '../../src/domain/queue-ages.js';

const now = Date.parse('2026-01-31T12:00:00.000Z');

describe('how long tasks have waited', () => {
  it('is asked by the instants a quarter of an hour to three days ago', () => {
    expect(ageInstants(now)).toEqual([
      '2026-01-31T11:45:00.000Z',
      '2026-01-31T11:00:00.000Z',
      '2026-01-31T08:00:00.000Z',
      '2026-01-30T12:00:00.000Z',
      '2026-01-28T12:00:00.000Z',
    ]);
  });

  it('puts each into one bucket', () => {
    const opened = fc.array(fc.integer({ min: 0, max: 400_000 }), { maxLength: 50 });
    fc.assert(
      fc.property(opened, (waits) => {
        const openedMs = waits.map((seconds) => now - seconds * 1000);
        const before = ageInstants(now).map((instant) => openedMs.filter((at) => at < Date.parse(instant)).length);
        const ages = agesOf(waits.length, before);
        let fromS = 0;
        for (const { upToS, count } of ages) {
          const inside = waits.filter(
            (seconds) => (fromS === 0 || seconds > fromS) && (upToS === null || seconds <= upToS),
          );
          expect(count).toBe(inside.length);
          fromS = upToS ?? fromS;
        }
      }),
    );
  });

  it('never counts fewer than none when some were decided between two questions', () => {
    expect(agesOf(3, [5, 1, 1, 0, 0]).map(({ count }) => count)).toEqual([0, 4, 0, 1, 0, 0]);
  });
});
