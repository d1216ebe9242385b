import fc from 'fast-check';
import { agreementOf, cohensKappa } from '../../src/domain/agreement.js';

type Outcome = 'pass' | 'block';
const outcome = fc.constantFrom<Outcome>('pass', 'block');
const many = (count: number, rating: [Outcome, Outcome]): [Outcome, Outcome][] =>
  Array.from({ length: count }, () => rating);

describe("Cohen's kappa", () => {
  it('is 0.4 of the example that textbooks work through: 20 and 15 agree, 5 and 10 do not', () => {
    const ratings = [
      ...many(20, ['block', 'block']),
      ...many(5, ['block', 'pass']),
      ...many(10, ['pass', 'block']),
      ...many(15, ['pass', 'pass']),
    ];
    expect(cohensKappa(ratings)).toBeCloseTo(0.4, 12);
  });

  it('is lower where chance agrees more, with the same share that agrees', () => {
    // Of the same 60 in 100: once the raters block about as often, once one of them far more often.
    const even = [
      ...many(45, ['block', 'block']),
      ...many(15, ['block', 'pass']),
      ...many(25, ['pass', 'block']),
      ...many(15, ['pass', 'pass']),
    ];
    const skewed = [
      ...many(25, ['block', 'block']),
      ...many(35, ['block', 'pass']),
      ...many(5, ['pass', 'block']),
      ...many(35, ['pass', 'pass']),
    ];
    expect(cohensKappa(even)).toBeCloseTo(0.1304, 4);
    expect(cohensKappa(skewed)).toBeCloseTo(0.2593, 4);
  });

  it('says nothing where chance alone would always agree, or where there is nothing', () => {
    expect(cohensKappa(many(9, ['pass', 'pass']))).toBeNull();
    expect(cohensKappa([])).toBeNull();
  });

  it('lies between -1 and 1, is 1 exactly where all agree, and does not depend on who is asked first', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(outcome, outcome), { minLength: 1 }), (ratings) => {
        const kappa = cohensKappa(ratings);
        if (kappa === null) return;
        expect(Math.abs(kappa)).toBeLessThanOrEqual(1 + 1e-12);
        expect(Math.abs(kappa - 1) < 1e-12).toBe(ratings.every(([a, b]) => a === b));
        expect(cohensKappa(ratings.map(([a, b]) => [b, a]))).toBeCloseTo(kappa, 10);
      }),
    );
  });
});

describe('the agreement of reviewers', () => {
  it('is told by scene, of everybody and of each one with the others', () => {
    const agreement = agreementOf([
      { scene: 'ad', reviewers: ['ann', 'bo'], persons: ['block', 'block'] },
      { scene: 'ad', reviewers: ['bo', 'cy'], persons: ['pass', 'block'] },
      { scene: 'porn', reviewers: ['cy', 'ann'], persons: ['pass', 'pass'] },
    ]);
    const told = agreement.map(({ scene, reviewer, pairs, observed }) => [scene, reviewer, pairs, observed]);
    expect(told).toEqual([
      ['porn', null, 1, 1],
      ['porn', 'ann', 1, 1],
      ['porn', 'cy', 1, 1],
      ['ad', null, 2, 0.5],
      ['ad', 'ann', 1, 1],
      ['ad', 'bo', 2, 0.5],
      ['ad', 'cy', 1, 0],
    ]);
  });

  it('is the same whichever of the two was written first', () => {
    const pair = fc.record({
      scene: fc.constantFrom('porn' as const, 'ad' as const),
      reviewers: fc.constantFrom<[string, string]>(['ann', 'bo'], ['bo', 'cy'], ['ann', 'cy']),
      persons: fc.tuple(outcome, outcome),
    });
    fc.assert(
      fc.property(fc.array(pair), (pairs) => {
        const turned = pairs.map(({ scene, reviewers: [a, b], persons: [x, y] }) => ({
          scene,
          reviewers: [b, a] as const,
          persons: [y, x] as const,
        }));
        expect(agreementOf(turned)).toEqual(agreementOf(pairs));
      }),
    );
  });
});
