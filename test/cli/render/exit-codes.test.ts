import fc from 'fast-check';
import { EXIT_CODES, type Outcome, outcomeOf, worstExitCode } from '../../../src/cli/exit-codes.js';
import { reported, revisionOf } from './make-task.js';

test.each<[Outcome[], number]>([
  [[], 0],
  [['pass', 'pass'], 0],
  [['pass', 'review'], 10],
  [['review', 'block', 'pass'], 20],
  [['block', 'failed', 'review'], 30],
])('videos that came out as %j end the command with %i', (outcomes, code) => {
  expect(worstExitCode(outcomes)).toBe(code);
});

test('one more video never lowers the exit code, and their order does not matter', () => {
  const outcome = fc.constantFrom<Outcome>('pass', 'review', 'block', 'failed');
  fc.assert(
    fc.property(fc.array(outcome), outcome, (outcomes, one) => {
      expect(worstExitCode([...outcomes, one])).toBeGreaterThanOrEqual(worstExitCode(outcomes));
      expect(worstExitCode([one, ...outcomes])).toBe(worstExitCode([...outcomes, one]));
    }),
  );
});

test('every code means one thing', () => {
  const codes = Object.values(EXIT_CODES);
  expect(new Set(codes).size).toBe(codes.length);
});

test('a task comes out as its suggestion, and as failed without a verdict', () => {
  expect(outcomeOf(reported(revisionOf('block'))[0])).toBe('block');
  expect(outcomeOf(reported(null, {}, { status: 'Failed' })[0])).toBe('failed');
});
