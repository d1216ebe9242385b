import { decide, type DecideInput } from '../domain/decide.js';
import { sumLooks } from '../domain/looked.js';
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
  const facts = factsOf(request, probed, plan);
  const chunks = classified.flatMap((segment) => segment.chunks);
  const observations = observationsWithin(classified, OBSERVATION_BYTES);
  const looked = sumLooks(classified.filter(({ inspected }) => inspected > 0).map((segment) => segment.looked));
  return observations === null
    ? await records.decideFromChunks({ ...facts, chunks })
    : decide({ ...facts, observations, inspected: chunks, ...(looked && { looked }) });
}

/** What the verdict would be if nothing more were found; `null` where nothing is classified, or more was found than a history holds. */
export function decideSoFar({ request, probed, plan, classified }: DecidableTask): Verdict | null {
  const observations = observationsWithin(classified, OBSERVATION_BYTES);
  if (classified.length === 0 || observations === null) return null;
  const inspected = classified.flatMap((segment) => segment.chunks);
  const looked = sumLooks(classified.filter((segment) => segment.inspected > 0).map((segment) => segment.looked));
  return decide({ ...factsOf(request, probed, plan), observations, inspected, ...(looked && { looked }) });
}

/**
 * Whether these results, of segments whose seek points are proven, already block the task, which nothing that is found later could loosen. Those with too many
 * observations for a history do not count.
 */
export function isCertainlyBlocked({ request, probed, plan, classified }: DecidableTask): boolean {
  const observations = classified.flatMap((segment) => segment.observations ?? []);
  const inspected = classified.flatMap((segment) => segment.chunks);
  return decide({ ...factsOf(request, probed, plan), observations, inspected }).suggestion === 'block';
}

function factsOf(
  { policy, policyDigest, options, detectors, taskType }: TaskRequest,
  probed: Probed,
  plan: SamplePlan,
): Omit<DecideInput, 'observations' | 'inspected'> {
  return { policy, policyDigest, scenes: options.scenes, detectors, plan, taskType, video: timelineOf(probed) };
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
