import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { readModelManifest, type ModelName } from '../../src/detectors/model-manifest.js';
import { cpuOfProcess, type Cost } from './programs.js';

/** So many runs of a network alone, divided between one session for each core. */
export async function idealInference(name: ModelName, runs: number): Promise<Cost> {
  const manifest = await readModelManifest(name);
  const entry = fileURLToPath(new URL('./inference-thread.js', import.meta.url));
  const threads = Array.from({ length: availableParallelism() }, () => new Worker(entry, { workerData: manifest }));
  await Promise.all(threads.map((thread) => once(thread, 'message')));
  const [startedAt, cpuBefore] = [performance.now(), cpuOfProcess('self')];
  await Promise.all(
    threads.map(async (thread, index) => {
      const share = Math.floor((runs + index) / threads.length);
      const done = once(thread, 'message');
      thread.postMessage(share);
      await done;
    }),
  );
  const cost = { wallS: (performance.now() - startedAt) / 1000, cpuS: cpuOfProcess('self') - cpuBefore };
  await Promise.all(threads.map((thread) => thread.terminate()));
  return cost;
}
