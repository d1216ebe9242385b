import { MockActivityEnvironment } from '@temporalio/testing';
import { classifySegment, type ClassifyInput } from '../../src/activities/classify-segment.js';
import { readConfig } from '../../src/config.js';
import { openStores, type Stores } from '../../src/deps.js';
import { createDetectors } from '../../src/detectors/registry.js';
import { TOOLS_ON_PATH } from '../../src/media/tools.js';
import type { Checkpoint, SegmentResult } from '../../src/schema/observation.js';
import { fileSources, identifyFile } from '../../src/sources/file.js';
import { build } from '../support/build.js';
import { makeRequest } from '../store/make-records.js';
import { planOf } from '../support/decode-all.js';
import { samplePath } from '../support/installation.js';
import { clipDirectory } from '../support/make-video.js';
import { POLICY } from '../support/verdicts.js';

const place = clipDirectory();
let stores: Stores;
let set: Awaited<ReturnType<typeof createDetectors>>;
beforeAll(async () => {
  await build();
  stores = await openStores(readConfig({ dataDir: `${place.path}/data` }));
  set = await createDetectors({ threads: 2 });
});
afterAll(async () => {
  await set.close();
  await stores.records.close();
  place.remove();
});

/** One attempt on the parrot, with what the server knows of the one before; answers also the checkpoints it sent. */
async function attempt(taskId: string, number: number, heartbeatDetails?: Checkpoint) {
  const path = samplePath('cockatoo.mp4');
  const { video, plan } = await planOf(path);
  const segment = { index: 0, from: 0, to: plan.count, startPts: null, nextStartPts: null };
  const run = {
    sourceDigest: 'a'.repeat(64),
    policy: POLICY,
    policyDigest: 'b'.repeat(64),
    scenes: ['porn' as const],
    banks: [],
  };
  const detectors = set.detectors.map(({ name }) => name);
  const source = await identifyFile(path);
  const input: ClassifyInput = { taskId, source, video, plan, segment, sampling: 'exact', detectors, run };
  const environment = new MockActivityEnvironment({ attempt: number, heartbeatDetails });
  const sent: Checkpoint[] = [];
  environment.on('heartbeat', (checkpoint: Checkpoint) => sent.push(checkpoint));
  const deps = { ...stores, sources: fileSources(null), detectors: set.detectors, media: TOOLS_ON_PATH };
  const result: SegmentResult = await environment.run(() => classifySegment(deps, input));
  return { result, sent };
}

test('an attempt goes on from what was recorded when that is further than the last heartbeat, to the same result', async () => {
  await stores.records.createTask(makeRequest('whole'), new Date().toISOString());
  await stores.records.createTask(makeRequest('resumed'), new Date().toISOString());
  const whole = await attempt('whole', 1);

  const [first, later] = [whole.sent[0]!, whole.sent.find(({ nextSample }) => nextSample > 0 && nextSample < 14)!];
  await stores.records.recordAttempt({ taskId: 'resumed', segment: 0, attempt: 1, from: 0, to: 14 }, later);
  const resumed = await attempt('resumed', 2, first);
  expect(resumed.result).toEqual(whole.result);
  const attempts = await stores.records.attempts('resumed');
  expect(attempts.at(-1)).toMatchObject({ attempt: 2, from: later.nextSample, to: 14 });
});

test('an attempt whose result never arrived has nothing left to classify for the next one', async () => {
  await stores.records.createTask(makeRequest('unheard'), new Date().toISOString());
  const { result, sent } = await attempt('unheard', 1);
  const again = await attempt('unheard', 2, sent[0]);
  expect(again.result).toEqual(result);
  expect((await stores.records.attempts('unheard')).map(({ from, to }) => [from, to])).toEqual([[0, 14]]);
});
