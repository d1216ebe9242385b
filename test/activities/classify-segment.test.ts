import { MockActivityEnvironment } from '@temporalio/testing';
import { classifySegment, type ClassifyInput } from '../../src/activities/classify-segment.js';
import { readConfig } from '../../src/config.js';
import { openStores, type Stores } from '../../src/deps.js';
import { createDetectors } from '../../src/detectors/registry.js';
import { TOOLS_ON_PATH } from '../../src/media/tools.js';
import { planDenser, sampleCount } from '../../src/domain/denser-samples.js';
import type { Checkpoint, SegmentResult } from '../../src/schema/observation.js';
import type { SamplePlan, Segment } from '../../src/schema/plan.js';
import { fileSources, identifyFile } from '../../src/sources/file.js';
import { build } from '../support/build.js';
import { makeRequest } from '../store/make-records.js';
import { PARROT } from '../support/clips.js';
import { EXACT, planOf } from '../support/decode-all.js';
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

interface Part {
  plan: SamplePlan;
  segment: Segment;
}

/** All samples of the parrot, one a second. */
async function everySecond(): Promise<Part> {
  const { plan } = await planOf(PARROT);
  return { plan, segment: { index: 0, from: 0, to: plan.count, startPts: null, nextStartPts: null } };
}

/** Samples between those of a wide grid, as a second pass takes them. */
async function inBetween(): Promise<Part> {
  const { plan, video } = await planOf(PARROT, { ...EXACT, maxFrames: 5 });
  const suspicions = [0, 1, 3, 4].map((sample) => ({ sample, score: 1 }));
  const denser = planDenser(plan, video, { interval: 1, maxFrames: 15 }, suspicions);
  if (denser === null) throw new Error('Expected samples in between');
  return { plan: denser, segment: { index: 1, from: 5, to: sampleCount(denser), startPts: null, nextStartPts: null } };
}

/** One attempt, with what the server knows of the one before; answers also the checkpoints it sent. */
async function attempt(
  taskId: string,
  number: number,
  {
    heartbeatDetails,
    part = everySecond,
  }: { heartbeatDetails?: Checkpoint | undefined; part?: () => Promise<Part> } = {},
) {
  const { plan, segment } = await part();
  const { video } = await planOf(PARROT);
  const run = {
    sourceDigest: 'a'.repeat(64),
    policy: POLICY,
    policyDigest: 'b'.repeat(64),
    scenes: ['porn' as const],
    banks: [],
  };
  const detectors = set.detectors.map(({ name }) => name);
  const source = await identifyFile(PARROT);
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
  const resumed = await attempt('resumed', 2, { heartbeatDetails: first });
  expect(resumed.result).toEqual(whole.result);
  const attempts = await stores.records.attempts('resumed');
  expect(attempts.at(-1)).toMatchObject({ attempt: 2, from: later.nextSample, to: 14 });
});

test('an attempt whose result never arrived has nothing left to classify for the next one', async () => {
  await stores.records.createTask(makeRequest('unheard'), new Date().toISOString());
  const { result, sent } = await attempt('unheard', 1);
  const again = await attempt('unheard', 2, { heartbeatDetails: sent[0] });
  expect(again.result).toEqual(result);
  expect((await stores.records.attempts('unheard')).map(({ from, to }) => [from, to])).toEqual([[0, 14]]);
});

test('samples in between are gone on with as those of the grid are, under numbers of their own', async () => {
  await stores.records.createTask(makeRequest('closer'), new Date().toISOString());
  await stores.records.createTask(makeRequest('closer-resumed'), new Date().toISOString());
  const whole = await attempt('closer', 1, { part: inBetween });
  expect(whole.result.chunks.map(({ from, to }) => [from, to])).toEqual([[5, 5 + whole.result.inspected]]);
  const samples = (whole.result.observations ?? []).map(({ sample }) => sample);
  expect(Math.min(...samples)).toBeGreaterThanOrEqual(5);

  const sent = whole.sent.find(({ nextSample }) => nextSample > 5 && nextSample < 5 + whole.result.inspected)!;
  const resumed = await attempt('closer-resumed', 2, { heartbeatDetails: sent, part: inBetween });
  expect(resumed.result).toEqual(whole.result);
});
