import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { digestOf } from '../src/digest.js';
import { loadPolicy } from '../src/policy.js';
import type { Policy } from '../src/schema/policy.js';
import { openStores } from '../src/deps.js';
import { WhatIf } from '../src/store/what-if.js';
import { line, percentile, table } from './reference/report.js';
import { copyTask } from './what-if/copy-task.js';

const TASKS = 2000;
const REPEAT = 20;

/**
 * `npm run bench -- what-if [tasks]`: how long a lead waits who moves a threshold. One real video is moderated, and kept as many times as are asked for with scores of
 * their own; then policies are tried on all of them, first with nothing in memory, then again and again.
 */
export async function main([count = String(TASKS)]: string[]): Promise<void> {
  const tasks = Number(count);
  const dataDir = await mkdtemp(join(tmpdir(), 'framewarden-bench-'));
  try {
    // Its exit code tells the verdict; that there is one is seen below.
    spawnSync('./framewarden', ['--data', dataDir, 'moderate', 'samples/cockatoo.mp4'], { stdio: 'ignore' });
    const stores = await openStores({ dataDir, databaseUrl: null, blobs: null });
    try {
      const [task] = await stores.records.listTasks({ status: 'Succeeded', limit: 1 });
      if (task === undefined) throw new Error('Expected samples/cockatoo.mp4 to be moderated.');
      const { taskId } = task.request;
      for (let n = 1; n < tasks; n++) {
        // Digits after the sixth would be rounded away by whoever compares: a copy differs in the fourth.
        const shift = (n % 100) / 1000;
        await copyTask(stores, taskId, `VideoModeration-copy-${n}`, (seen) => ({
          ...seen,
          score: Math.min(1, Math.max(0, Math.round((seen.score - shift) * 1e6) / 1e6)),
        }));
      }
      await measure(stores, tasks);
    } finally {
      await stores.records.close();
    }
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function measure(stores: Awaited<ReturnType<typeof openStores>>, tasks: number): Promise<void> {
  const { policy } = await loadPolicy();
  const whatIf = new WhatIf(stores);
  const timed = async (review: number): Promise<{ ms: number; digest: string }> => {
    const begunAt = performance.now();
    const { redecided } = await whatIf.decide('default', moved(policy, review));
    if (redecided.length !== tasks) throw new Error(`Expected ${tasks} tasks, got ${redecided.length}.`);
    return { ms: performance.now() - begunAt, digest: digestOf(redecided.map(({ to }) => to)) };
  };
  const cold = await timed(0.7);
  const warm: number[] = [];
  for (let n = 0; n < REPEAT; n++) warm.push((await timed(0.4 + n / 50)).ms);
  const per1000 = (ms: number): string => ((ms * 1000) / tasks).toFixed(0);
  line();
  line(`${tasks} tasks of one project, milliseconds for 1,000:`);
  table([
    ['', 'median', 'slowest'],
    ['nothing in memory', per1000(cold.ms), per1000(cold.ms)],
    ['moved again', per1000(percentile(warm, 0.5)), per1000(percentile(warm, 1))],
  ]);
}

function moved(policy: Policy, review: number): Policy {
  const { porn } = policy.scenes;
  if (porn === undefined) throw new Error('Expected the default policy to have rules for the scene porn.');
  const { nsfwjs } = porn.detectors;
  if (nsfwjs === undefined) throw new Error('Expected the default policy to have a rule for nsfwjs.');
  const detectors = { ...porn.detectors, nsfwjs: { ...nsfwjs, review, block: Math.max(review, nsfwjs.block ?? 1) } };
  return { ...policy, scenes: { ...policy.scenes, porn: { ...porn, detectors } } };
}
