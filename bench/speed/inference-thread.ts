import { parentPort, workerData } from 'node:worker_threads';
import { loadNetwork } from '../../src/detectors/network.js';
import type { ModelManifest } from '../../src/detectors/model-manifest.js';
import { INPUT_DIMS } from '../../src/detectors/preparation/prepare.js';

/*
 * One thread of the ideal's inference: nothing but the network, on an input that is there already.
 */

/** Runs before it counts: the first ones allocate. */
const WARM_UP = 3;

const port = parentPort;
if (port === null) throw new Error('Expected to be started as a thread by inference.js; it is not a program.');
const { infer, input } = await loadNetwork({ ...(workerData as ModelManifest), dims: INPUT_DIMS });
input.fill(0.5);
for (let run = 0; run < WARM_UP; run++) await infer();
port.on('message', (runs: number) => {
  void repeat(runs);
});
port.postMessage('ready');

async function repeat(runs: number): Promise<void> {
  for (let run = 0; run < runs; run++) await infer();
  port?.postMessage('done');
}
