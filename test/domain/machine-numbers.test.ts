import { isOverturned, machineNumbers } from '../../src/domain/machine-numbers.js';

const digest = 'a'.repeat(64);
const of = (review: number, block: number | null = 0.9) => [{ detector: 'nsfwjs', review, block }];
const BY = { policyDigest: digest, thresholds: of(0.7) };

describe('how the machine fared with people', () => {
  it('counts as right a block that people block, a review that they block, and a pass that they pass', () => {
    const numbers = machineNumbers([
      { scene: 'porn', machine: 'block', person: 'block', ...BY, count: 9 },
      { scene: 'porn', machine: 'block', person: 'pass', ...BY, count: 1 },
      { scene: 'porn', machine: 'review', person: 'block', ...BY, count: 1 },
      { scene: 'porn', machine: 'review', person: 'pass', ...BY, count: 3 },
      { scene: 'porn', machine: 'pass', person: 'pass', ...BY, count: 4 },
      { scene: 'porn', machine: 'pass', person: 'block', ...BY, count: 1 },
    ]);
    const told = numbers.map(({ machine, read, blocked, precision, overturned }) => [
      machine,
      read,
      blocked,
      precision,
      Math.round(overturned * 100) / 100,
    ]);
    expect(told).toEqual([
      ['pass', 5, 1, 0.8, 0.2],
      ['review', 4, 1, 0.25, 0.75],
      ['block', 10, 9, 0.9, 0.1],
    ]);
  });

  it('is told apart by scene and thresholds, and adds up what several people read by policies that have the same', () => {
    const reading = { scene: 'ad', machine: 'review', person: 'pass', ...BY } as const;
    const numbers = machineNumbers([
      { ...reading, count: 2 },
      { ...reading, policyDigest: 'c', count: 3 },
      { ...reading, policyDigest: 'b', thresholds: of(0.7, null), person: 'block', count: 1 },
      { ...reading, policyDigest: 'b', thresholds: of(0.65), count: 7 },
      {
        ...reading,
        policyDigest: 'd',
        thresholds: [...of(0.65), { detector: 'other', review: 0.5, block: null }],
        count: 1,
      },
      { ...reading, scene: 'porn', count: 1 },
      { ...reading, thresholds: of(0.3), count: 0 },
    ]);
    const told = numbers.map(({ scene, thresholds, policies, read }) => [
      scene,
      thresholds.map(({ review, block }) => [review, block]),
      policies,
      read,
    ]);
    expect(told).toEqual([
      ['porn', [[0.7, 0.9]], [digest], 1],
      ['ad', [[0.65, 0.9]], ['b'], 7],
      [
        'ad',
        [
          [0.65, 0.9],
          [0.5, null],
        ],
        ['d'],
        1,
      ],
      ['ad', [[0.7, 0.9]], [digest, 'c'], 5],
      ['ad', [[0.7, null]], ['b'], 1],
    ]);
  });

  it('leaves out what is counted of tasks as a whole', () => {
    expect(machineNumbers([{ scene: null, machine: 'block', person: 'pass', ...BY, count: 1 }])).toEqual([]);
  });

  it('calls overturned what people decide otherwise, a review that they pass among it', () => {
    const overturned = (['pass', 'review', 'block'] as const).map((machine) =>
      (['pass', 'block'] as const).map((person) => isOverturned({ machine, person })),
    );
    expect(overturned).toEqual([
      [false, true],
      [true, false],
      [true, false],
    ]);
  });
});
