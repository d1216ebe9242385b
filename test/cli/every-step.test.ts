import { everyStep } from '../../src/cli/every-step.js';

test('every step is taken in turn, whatever became of those before it, and the first failure is thrown', async () => {
  const taken: number[] = [];
  const steps = [1, 2, 3].map((step) => async () => {
    await new Promise((resolve) => setImmediate(resolve));
    taken.push(step);
    if (step < 3) throw new Error(`step ${step}`);
  });
  await expect(everyStep(steps)).rejects.toThrow('step 1');
  expect(taken).toEqual([1, 2, 3]);
  await expect(everyStep(steps.slice(2))).resolves.toBeUndefined();
});
