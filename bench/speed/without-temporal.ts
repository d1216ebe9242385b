import { MockActivityEnvironment } from '@temporalio/testing';
import { createActivities, type MediaActivities } from '../../src/activities/index.js';
import { readConfig } from '../../src/config.js';
import { createWorkerDeps, openStores, type WorkerDeps } from '../../src/deps.js';
import { decide } from '../../src/domain/decide.js';
import { planSamples } from '../../src/domain/sample-plan.js';
import { firstUnsafe } from '../../src/domain/seek-safety.js';
import { planSegments } from '../../src/domain/segments.js';
import type { Segment } from '../../src/schema/plan.js';
import type { SegmentResult } from '../../src/schema/observation.js';
import type { TaskRequest } from '../../src/schema/task.js';
import { readObservations } from '../../src/store/observations.js';
import type { Asked, Measured } from './measured.js';
import { startMeter } from './meter.js';
import { requestFor } from './request.js';

/**
 * The same activities in the same order and number at once, called one after the other instead of by a workflow: no server, no history, and
 * heartbeats that nobody receives.
 */
export async function withoutTemporal({ path, sampling, dataDir }: Asked, onStart: () => void): Promise<Measured> {
  const config = readConfig({ dataDir });
  const stores = await openStores(config);
  const deps = await createWorkerDeps(config, stores);
  try {
    await moderate(deps, config.inferenceThreads, await requestFor('samples/cockatoo.mp4', 'exact', 'none'));
    onStart();
    const request = await requestFor(path, sampling, 'none');
    const stop = startMeter();
    const { segments, results, verdict } = await moderate(deps, config.inferenceThreads, request);
    const cost = stop();
    const chunks = results.flatMap((result) => result.chunks);
    return {
      ...cost,
      segments: segments.length,
      samples: chunks.reduce((sum, { from, to }) => sum + to - from, 0),
      verdict,
      observations: await readObservations(stores.blobs, chunks),
    };
  } finally {
    await deps.close();
    await stores.records.close();
  }
}

async function moderate(deps: WorkerDeps, slots: number, request: TaskRequest) {
  const { records, media } = createActivities(deps);
  const { taskId, options, policy, policyDigest, detectors } = request;
  await records.beginTask({ request, startTime: new Date().toISOString() });
  const probed = await inActivity(() => media.probeVideo({ source: request.source, options }));
  const plan = planSamples(probed.video, options);
  await records.recordPlan({ taskId, probed, plan });
  const { source, video, sourceDigest } = probed;
  const segments = planSegments(video, plan, options);
  const common = { taskId, source, video, plan, sampling: options.sampling };
  const names = [...new Set(detectors.map(({ name }) => name))];
  const run = { sourceDigest, policy, policyDigest, scenes: options.scenes, banks: [] };
  const results = await inTurns(segments, slots, (segment) =>
    inActivity(() => media.classifySegment({ ...common, segment, detectors: names, run })),
  );
  if (firstUnsafe(segments, results) !== null) throw new Error('Expected a video that can be sought.');
  const observations = await readObservations(
    deps.blobs,
    results.flatMap(({ chunks }) => chunks),
  );
  const { scenes } = options;
  const inspected = results.flatMap(({ chunks }) => chunks);
  const { taskType } = request;
  const facts = { taskType, policy, policyDigest, scenes, detectors, plan, video };
  const verdict = decide({ ...facts, observations, inspected });
  await records.recordVerdict({
    taskId,
    segments: results.map(({ segment, chunks }) => ({ segment, chunks })),
    verdict,
    decisionId: `${taskId}/machine`,
    endTime: new Date().toISOString(),
  });
  return { segments, results, verdict };
}

/** Calls an activity with the context that it asks for. */
function inActivity<T>(call: () => Promise<T>): Promise<T> {
  return new MockActivityEnvironment().run(call);
}

async function inTurns(
  segments: readonly Segment[],
  atOnce: number,
  classify: (segment: Segment) => ReturnType<MediaActivities['classifySegment']>,
): Promise<SegmentResult[]> {
  const waiting = [...segments];
  const results: SegmentResult[] = [];
  const next = async (): Promise<void> => {
    for (let segment = waiting.shift(); segment !== undefined; segment = waiting.shift())
      results[segment.index] = await classify(segment);
  };
  await Promise.all(Array.from({ length: atOnce }, next));
  return results;
}
