import { isOverturned, machineNumbers } from '../../src/domain/machine-numbers.js';

const digest = 'a'.repeat(64);

describe('how the machine fared with people', () => {
  it('counts as right a block that people block, a review that they block, and a pass that they pass', () => {
    const numbers = machineNumbers([
      { scene: 'porn', machine: 'block', person: 'block', policyDigest: digest, count: 9 },
      { scene: 'porn', machine: 'block', person: 'pass', policyDigest: digest, count: 1 },
      { scene: 'porn', machine: 'review', person: 'block', policyDigest: digest, count: 1 },
      { scene: 'porn', machine: 'review', person: 'pass', policyDigest: digest, count: 3 },
      { scene: 'porn', machine: 'pass', person: 'pass', policyDigest: digest, count: 4 },
      { scene: 'porn', machine: 'pass', person: 'block', policyDigest: digest, count: 1 },
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

  it('is told apart by scene and policy, and adds up what several people read', () => {
    const numbers = machineNumbers([
      { scene: 'ad', machine: 'review', person: 'pass', policyDigest: digest, count: 2 },
      { scene: 'ad', machine: 'review', person: 'pass', policyDigest: digest, count: 3 },
      { scene: 'ad', machine: 'review', person: 'block', policyDigest: 'b'.repeat(64), count: 1 },
      { scene: 'porn', machine: 'review', person: 'block', policyDigest: digest, count: 1 },
    ]);
    expect(numbers.map(({ scene, policyDigest, read }) => [scene, policyDigest[0], read])).toEqual([
      ['porn', 'a', 1],
      ['ad', 'a', 5],
      ['ad', 'b', 1],
    ]);
  });

  it('leaves out what is counted of tasks as a whole', () => {
    expect(machineNumbers([{ scene: null, machine: 'block', person: 'pass', policyDigest: digest, count: 1 }])).toEqual(
      [],
    );
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
