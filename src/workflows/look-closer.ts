import { denserSegments, planDenser, type DenserPlan } from '../domain/denser-samples.js';
import { suspicionsOf } from '../domain/suspicions.js';
import type { SegmentResult } from '../schema/observation.js';
import type { SamplePlan, Segment } from '../schema/plan.js';
import type { ProbedVideo } from '../schema/probed.js';
import { records } from './activity-options.js';
import { classifySegment, orUnsafe, type Classified } from './classify-video.js';
import { isCertainlyBlocked } from './decide-task.js';
import { detectorNames } from './detector-names.js';
import { inLanes, priorityIn, type Lane } from './lanes.js';
import type { TaskState } from './task-state.js';

/** What a second pass added: the plan with its samples, and what was seen on them. */
export interface LookedCloser {
  plan: SamplePlan;
  results: SegmentResult[];
}

/**
 * Takes samples between those of the grid, around what looks suspicious, where the policy keeps some of them for that. Each run of them is decoded from the start of
 * the segment that it lies in, which is proven; only detectors of suspected scenes look at them. Nothing is looked at twice once a block is certain and
 * the policy wants no more.
 */
export async function lookCloser(
  task: TaskState,
  probed: ProbedVideo,
  plan: SamplePlan,
  classified: Classified,
): Promise<LookedCloser> {
  const { request } = task;
  const nothing = { plan, results: [] };
  if (request.policy.denser === undefined || classified.isStopped === true) return nothing;
  const observations = classified.results.flatMap((result) => result.observations ?? []);
  const suspected = suspicionsOf(request, observations);
  const denser = planDenser(plan, probed.video, request.options, suspected.samples);
  if (denser === null || isEnough(task, probed, plan, classified)) return nothing;

  await records.recordPlan({ taskId: request.taskId, probed, plan: denser });
  task.progress.total += denser.denser.at.length;
  const asked = request.detectors.filter(({ scene }) => suspected.scenes.includes(scene));
  const detectors = detectorNames({ ...request, detectors: asked });
  const look = (segment: Segment, lane: Lane): Promise<SegmentResult> =>
    classifySegment(task, probed, denser, segment, { detectors, priority: priorityIn(lane, task) });
  return { plan: denser, results: await lookAt(denser, classified, look) };
}

function isEnough(
  { request }: TaskState,
  probed: ProbedVideo,
  plan: SamplePlan,
  { results: classified }: Classified,
): boolean {
  return request.policy.earlyStop === true && isCertainlyBlocked({ request, probed, plan, classified });
}

/** The segments in their order, some at once; those whose start turns out not to be what it was are decoded from the beginning of the file. */
async function lookAt(
  plan: DenserPlan,
  { segments, results }: Classified,
  look: (segment: Segment, lane: Lane) => Promise<SegmentResult>,
): Promise<SegmentResult[]> {
  // No segment has these numbers, not even one that was thrown away: what is decoded again comes last.
  const next = Math.max(...results.map(({ segment }) => segment)) + 1;
  const closer = denserSegments(plan, segments, next);
  const proven = new Map(segments.map(({ startPts }, index) => [startPts, results[index]?.startDigest]));
  const seen: SegmentResult[] = [];
  const waiting = [...closer.entries()];
  await inLanes(
    () => waiting.shift(),
    async ([place, segment], lane) => {
      const first = await orUnsafe(look(segment, lane));
      const isProven = first !== 'unsafe' && first.startDigest === proven.get(segment.startPts);
      const again = { ...segment, index: segment.index + closer.length, startPts: null };
      seen[place] = isProven ? first : await look(again, lane);
    },
  );
  return seen;
}
