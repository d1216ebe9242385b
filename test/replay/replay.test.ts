import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { builtFile } from '../../src/paths.js';
import { build } from '../support/build.js';

const directory = join(__dirname, 'histories');
const names = readdirSync(directory).filter((name) => name.endsWith('.json'));

beforeAll(async () => {
  Runtime.install({
    logger: new DefaultLogger('ERROR', () => undefined),
    telemetryOptions: { logging: { filter: { core: 'ERROR', other: 'ERROR' }, forward: {} } },
  });
  await build();
});

function history(name: string): unknown {
  return JSON.parse(readFileSync(join(directory, name), 'utf8'));
}

function replay(recorded: unknown): Promise<void> {
  return Worker.runReplayHistory({ workflowBundle: { codePath: builtFile('workflow-bundle.js') } }, recorded);
}

test('there are histories of every way a task can go', () => {
  expect(names.sort()).toEqual(
    [
      'appeal',
      'cancel',
      'deadline',
      'delivery',
      'denser',
      'early-stop',
      'escalation',
      'failure',
      'linear',
      'notified',
      'pass',
      'paused',
      'readings',
      'review',
    ].map((name) => `${name}.json`),
  );
});

test.each(names)('the workflows of today do what the recorded ones did: %s', async (name) => {
  await expect(replay(history(name))).resolves.toBeUndefined();
});

test('a second pass around what is suspicious is among them', () => {
  const text = JSON.stringify(history('denser.json'));
  const planned = [...text.matchAll(/"data":"([^"]+)"/g)].map(([, data = '']) =>
    Buffer.from(data, 'base64').toString(),
  );
  expect(planned.some((payload) => /"denser":\{"parts":\d+,"at":\[\d/.test(payload))).toBe(true);
});

test('a workflow that does something else is found out', async () => {
  const text = JSON.stringify(history('pass.json')).replaceAll('"classifySegment"', '"classifyAnother"');
  await expect(replay(JSON.parse(text))).rejects.toMatchObject({ name: 'DeterminismViolationError' });
});
