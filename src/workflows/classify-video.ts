import { ActivityFailure, ApplicationFailure, CancellationScope, isCancellation } from '@temporalio/workflow';
import { FAILURE } from '../domain/failure.js';
import { linearTail, planSegments, videoForSegments } from '../domain/segments.js';
import { firstUnsafe, provenResults, type SegmentOutcome } from '../domain/seek-safety.js';
import type { SegmentResult } from '../schema/observation.js';
import type { SamplePlan, Segment } from '../schema/plan.js';
import type { ProbedVideo } from '../schema/probed.js';
import { mediaActivities } from './activity-options.js';
import { isCertainlyBlocked } from './decide-task.js';
import { detectorNames, detectorRun } from './detector-names.js';
import { inLanes, priorityIn, type Lane } from './lanes.js';
import { pausable } from './pausable.js';
import type { TaskState } from './task-state.js';

/** All that was classified: each segment as it was decoded in the end, and what came of it. */
export interface Classified {
  segments: Segment[];
  results: SegmentResult[];
  /** Whether what was left was not looked at, because the task is certain to be blocked and its policy wants no more. */
  isStopped?: boolean;
}

/**
 * Classifies all samples, segments side by side. What begins at a seek point that is not proven safe is thrown away and decoded again in one pass
 * from the last point that is, and where that fails too, from the beginning.
 */
export async function classifyVideo(task: TaskState, probed: ProbedVideo, plan: SamplePlan): Promise<Classified> {
  const { options, detectors } = task.request;
  // Who watches every picture has them all decoded, whatever the sampling mode.
  const watched = detectors.some(({ watches }) => watches);
  const segments = planSegments(probed.video, plan, watched ? { sampling: 'exact' } : options);
  const isEnough = (classified: readonly SegmentResult[]): boolean =>
    task.request.policy.earlyStop === true && isCertainlyBlocked({ request: task.request, probed, plan, classified });
  const outcomes: SegmentOutcome[] = segments.map(() => undefined);
  task.found = () => ({ request: task.request, probed, plan, classified: provenResults(segments, outcomes) });
  const enough = await classifySegments(
    { segments, outcomes },
    (segment, lane) => classifySegment(task, probed, plan, segment, { priority: priorityIn(lane, task) }),
    isEnough,
  );
  if (enough !== null) return { segments: segments.slice(0, enough.length), results: enough, isStopped: true };
  const unsafe = firstUnsafe(segments, outcomes);
  const proven = {
    segments: segments.slice(0, unsafe ?? undefined),
    results: outcomes.slice(0, unsafe ?? undefined).filter(isResult),
  };
  if (unsafe === null) return proven;

  task.progress.done = segments[unsafe]?.from ?? 0;
  const tail = linearTail(segments, unsafe, plan);
  const sought = await orUnsafe(classifySegment(task, probed, plan, tail));
  const last = sought === 'unsafe' ? { ...tail, index: tail.index + 1, startPts: null } : tail;
  const rest = sought === 'unsafe' ? await classifySegment(task, probed, plan, last) : sought;
  return { segments: [...proven.segments, last], results: [...proven.results, rest] };
}

/** One segment; by default with the task's own priority and all of its detectors. */
export async function classifySegment(
  task: TaskState,
  { source, video, sourceDigest }: ProbedVideo,
  plan: SamplePlan,
  segment: Segment,
  {
    priority = task.priority,
    detectors = detectorNames(task.request),
  }: { priority?: number; detectors?: string[] } = {},
): Promise<SegmentResult> {
  const { taskId, options } = task.request;
  const media = mediaActivities('classify', task.request, priority);
  const { sampling } = options;
  const run = detectorRun(task.request, sourceDigest);
  const input = { taskId, source, video: videoForSegments(video, plan), plan, segment, sampling, detectors, run };
  const result = await pausable(task, (stops) => media.classifySegment({ ...input, ...(stops > 0 && { stops }) }));
  task.progress.done += result.inspected;
  return result;
}

/** Segments, and what came of each so far. */
interface Classifying {
  segments: readonly Segment[];
  outcomes: SegmentOutcome[];
}

/**
 * Runs the segments in their order, some at once; those behind one that proves unsafe are cancelled or not begun, and so is all that is left once
 * what is proven is enough, which is answered then.
 */
async function classifySegments(
  { segments, outcomes }: Classifying,
  classify: (segment: Segment, lane: Lane) => Promise<SegmentResult>,
  isEnough: (classified: readonly SegmentResult[]) => boolean,
): Promise<SegmentResult[] | null> {
  let enough: SegmentResult[] | null = null;
  const running = new Map<number, CancellationScope>();
  const waiting = [...segments];

  // From both ends: what is in front runs in order, and what only fills gaps are the short ones that the plan puts last.
  const next = ({ isInFront }: Lane): Segment | undefined => (isInFront ? waiting.shift() : waiting.pop());
  async function run(segment: Segment, lane: Lane): Promise<void> {
    const { index } = segment;
    const scope = new CancellationScope();
    running.set(index, scope);
    outcomes[index] = await scope
      .run(() => orUnsafe(classify(segment, lane)))
      .catch((error: unknown) => {
        if (enough !== null || (isCancellation(error) && dropped(index))) return undefined;
        throw error;
      });
    running.delete(index);
    dropBehindUnsafe();
    stopWhenEnough();
  }
  function dropped(index: number): boolean {
    const unsafe = firstUnsafe(segments, outcomes);
    return unsafe !== null && index >= unsafe;
  }
  function dropBehindUnsafe(): void {
    const unsafe = firstUnsafe(segments, outcomes);
    if (unsafe === null) return;
    waiting.splice(0, waiting.length, ...waiting.filter(({ index }) => index < unsafe));
    for (const [index, scope] of running) if (index >= unsafe) scope.cancel();
  }

  function stopWhenEnough(): void {
    if (enough !== null) return;
    const proven = provenResults(segments, outcomes);
    // With all of them there is nothing left to be saved.
    if (proven.length === segments.length || !isEnough(proven)) return;
    enough = proven;
    waiting.length = 0;
    for (const scope of running.values()) scope.cancel();
  }

  try {
    await inLanes(next, run);
  } finally {
    for (const scope of running.values()) scope.cancel();
  }
  return enough;
}

/** The result, or that decoding reported errors. */
export async function orUnsafe(result: Promise<SegmentResult>): Promise<SegmentResult | 'unsafe'> {
  try {
    return await result;
  } catch (error) {
    const cause = error instanceof ActivityFailure ? error.cause : undefined;
    if (cause instanceof ApplicationFailure && cause.type === FAILURE.UnsafeSegment) return 'unsafe';
    throw error;
  }
}

function isResult(outcome: SegmentOutcome): outcome is SegmentResult {
  return outcome !== undefined && outcome !== 'unsafe';
}
