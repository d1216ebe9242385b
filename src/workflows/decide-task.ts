import { decide } from '../domain/decide.js';
import { timelineOf } from '../domain/timeline.js';
import type { SegmentResult } from '../schema/observation.js';
import type { SamplePlan } from '../schema/plan.js';
import type { TaskRequest } from '../schema/task.js';
import type { Verdict } from '../schema/verdict.js';
import type { Probed } from '../schema/probed.js';
import { records } from './activity-options.js';

/** Observations of one task that may lie in a history, as JSON: a tenth of the history size at which Temporal begins to warn. */
const OBSERVATION_BYTES = 200_000;

/** What a verdict is reached from. */
export interface DecidableTask {
  request: TaskRequest;
  probed: Probed;
  plan: SamplePlan;
  classified: readonly SegmentResult[];
}

/** The verdict, decided here, or by an activity that reads the blobs when there are too many observations for a history. */
export async function decideTask({ request, probed, plan, classified }: DecidableTask): Promise<Verdict> {
  const facts = {
    policy: request.policy,
    policyDigest: request.policyDigest,
    scenes: request.options.scenes,
    detectors: request.detectors,
    plan,
    taskType: request.taskType,
    video: timelineOf(probed),
  };
  const chunks = classified.flatMap((segment) => segment.chunks);
  const observations = observationsWithin(classified, OBSERVATION_BYTES);
  return observations === null
    ? await records.decideFromChunks({ ...facts, chunks })
    : decide({ ...facts, observations, inspected: chunks });
}

function observationsWithin(classified: readonly SegmentResult[], limitBytes: number): SegmentResult['observations'] {
  const all = [];
  let bytes = 0;
  for (const { observations } of classified) {
    if (observations === null) return null;
    bytes += JSON.stringify(observations).length;
    if (bytes > limitBytes) return null;
    all.push(...observations);
  }
  return all;
}
