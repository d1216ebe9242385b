import { Circuit, CircuitOpenError } from '../../../src/detectors/own-model/circuit.js';

const SETTINGS = { failures: 2, openMs: 1000 };
const counts = (): boolean => true;
const fail = (): Promise<never> => Promise.reject(new Error('broken'));
const work = (): Promise<string> => Promise.resolve('answer');

let now: number;
let circuit: Circuit;
beforeEach(() => {
  now = 5000;
  circuit = new Circuit('fire', SETTINGS, () => now);
});

async function breakIt(): Promise<void> {
  for (let time = 0; time < SETTINGS.failures; time++)
    await expect(circuit.call(fail, counts)).rejects.toThrow('broken');
}

test('it opens after so many failures in a row, and refuses without asking, with how long and why', async () => {
  await breakIt();
  expect(circuit.state).toBe('open');
  now += 400;
  let asked = 0;
  const refused = await circuit
    .call(() => Promise.resolve(asked++), counts)
    .catch((error: unknown) => error as CircuitOpenError);
  expect(refused).toBeInstanceOf(CircuitOpenError);
  expect(refused).toMatchObject({ model: 'fire', retryAfterMs: 600, lastFailure: 'broken' });
  expect(asked).toBe(0);
});

test('an answer in between begins the count anew', async () => {
  await expect(circuit.call(fail, counts)).rejects.toThrow('broken');
  await circuit.call(work, counts);
  await expect(circuit.call(fail, counts)).rejects.toThrow('broken');
  expect(circuit.state).toBe('closed');
});

test('half open, one is asked and the others are refused; its answer closes it', async () => {
  await breakIt();
  now += SETTINGS.openMs;
  expect(circuit.state).toBe('half-open');
  let answer: (text: string) => void = () => undefined;
  const trial = circuit.call(() => new Promise<string>((resolve) => (answer = resolve)), counts);
  await expect(circuit.call(work, counts)).rejects.toThrow(CircuitOpenError);
  answer('well again');
  expect(await trial).toBe('well again');
  expect(circuit.state).toBe('closed');
  expect(await circuit.call(work, counts)).toBe('answer');
});

test('half open, another failure opens it for as long again', async () => {
  await breakIt();
  now += SETTINGS.openMs;
  await expect(circuit.call(fail, counts)).rejects.toThrow('broken');
  expect(circuit.state).toBe('open');
  now += SETTINGS.openMs - 1;
  await expect(circuit.call(work, counts)).rejects.toThrow(CircuitOpenError);
});

test('what says nothing of the endpoint does not count, and leaves it half open for the next', async () => {
  for (let time = 0; time < 5; time++) await expect(circuit.call(fail, () => false)).rejects.toThrow('broken');
  expect(circuit.state).toBe('closed');
  await breakIt();
  now += SETTINGS.openMs;
  await expect(circuit.call(fail, () => false)).rejects.toThrow('broken');
  expect(await circuit.call(work, counts)).toBe('answer');
});
