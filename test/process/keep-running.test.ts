import { once } from 'node:events';
import { keepRunning } from '../../src/process/keep-running.js';
import { processStartTime } from '../../src/process/start-time.js';
import { ProcessStartError, startSupervised, type SupervisedProcess } from '../../src/process/supervise.js';

const NOT_NOW = new ProcessStartError('sh');
const fails = (): SupervisedProcess => {
  throw NOT_NOW;
};

/** Keeps a program running that ends at once with 3 and is then launched so; `untilTold` waits for so many ends, failures and launches. */
function kept(...launches: (() => SupervisedProcess)[]) {
  const told: unknown[] = [];
  let happened = new AbortController();
  const tell = (what: unknown): void => {
    told.push(what);
    happened.abort();
    happened = new AbortController();
  };
  const first = startSupervised('sh', ['-c', 'exit 3']);
  const launch = (): SupervisedProcess => {
    const launched = (launches.shift() ?? fails)();
    tell(launched);
    return launched;
  };
  const keeper = keepRunning(first, launch, { onEnd: tell, onFailure: tell });
  const untilTold = async (count: number): Promise<unknown[]> => {
    while (told.length < count) await once(happened.signal, 'abort');
    return told;
  };
  return { stop: () => keeper.stop(), untilTold };
}

describe('a program that is kept running', () => {
  test('is started again when it has ended, and once more when that failed, until it is stopped', async () => {
    const { stop, untilTold } = kept(fails, () => startSupervised('sleep', ['300']));
    const [end, failure, launched] = await untilTold(3);
    expect([end, failure]).toEqual([{ exitCode: 3, signal: null }, NOT_NOW]);
    const { pid } = launched as SupervisedProcess;
    expect(processStartTime(pid)).not.toBeNull();
    await stop();
    expect(processStartTime(pid)).toBeNull();
  });

  test('can be stopped while it does not run', async () => {
    const { stop, untilTold } = kept();
    await untilTold(2);
    await expect(stop()).resolves.toBeUndefined();
  });
});
