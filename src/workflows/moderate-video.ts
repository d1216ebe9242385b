import { planSamples } from '../domain/sample-plan.js';
import type { EvidenceItem } from '../schema/evidence.js';
import type { SegmentResult } from '../schema/observation.js';
import type { SamplePlan } from '../schema/plan.js';
import type { ModerationResultBody } from '../schema/result.js';
import type { TaskRequest } from '../schema/task.js';
import type { Revision } from '../schema/verdict.js';
import type { ProbedVideo } from '../schema/probed.js';
import { mediaActivities, records } from './activity-options.js';
import { classifyVideo, type Classified } from './classify-video.js';
import { detectorRun } from './detector-names.js';
import { decideTask } from './decide-task.js';
import { lookCloser } from './look-closer.js';
import { assertSomethingSeen, recordVerdict, runTask } from './run-task.js';
import { pausable } from './pausable.js';
import type { TaskState } from './task-state.js';

/**
 * Moderates one video: probe, plan samples, classify segments, decide, record, keep evidence, and wait for a person where the verdict is `review`.
 * The workflow id is the task id. Answers the last result; fails when the machine could not reach a verdict.
 */
export async function moderateVideo(request: TaskRequest): Promise<ModerationResultBody> {
  return runTask(request, { moderate, keepEvidence });
}

/** What a verdict was reached from, for those who justify it. */
interface VerdictBasis {
  probed: ProbedVideo;
  plan: SamplePlan;
  classified: Classified;
}

async function moderate(task: TaskState): Promise<VerdictBasis> {
  const { request } = task;
  const { source, options } = request;
  const probed = await pausable(task, () =>
    mediaActivities('probe', request, task.priority).probeVideo({ source, options }),
  );
  const grid = planSamples(probed.video, request.options, request.policy.denser?.reserve);
  await records.recordPlan({ taskId: request.taskId, probed, plan: grid });

  task.progress = { phase: 'classifying', done: 0, total: grid.count };
  const first = await classifyVideo(task, probed, grid);
  assertSomethingSeen(first.results);
  const { plan, results: closer } = await lookCloser(task, probed, grid, first);
  const classified = { ...first, results: [...first.results, ...closer] };
  const segment = Math.max(...classified.results.map((result) => result.segment)) + 1;
  // A last word about a part would be about another video; and it could not loosen a block.
  const last = first.isStopped === true ? [] : await conclude(task, probed, { plan, first, segment });
  const results = [...classified.results, ...last];

  task.progress.phase = 'deciding';
  const verdict = await decideTask({ request, probed, plan, classified: results });
  await recordVerdict(task, verdict, results);
  return { probed, plan, classified };
}

/** What only shows over all samples; nothing where no detector of the task waits for that. */
async function conclude(
  task: TaskState,
  { video, sourceDigest, sourceMd5 = '' }: ProbedVideo,
  { plan, first, segment }: { plan: SamplePlan; first: Classified; segment: number },
): Promise<SegmentResult[]> {
  const { request } = task;
  const names = request.detectors.filter(({ concludes }) => concludes).map(({ name }) => name);
  if (names.length === 0) return [];
  const { timeBase, durationS } = video;
  const input = {
    segment,
    chunks: first.results.flatMap(({ chunks }) => chunks),
    plan,
    video: { timeBase, durationS },
    sourceMd5,
    detectors: [...new Set(names)],
    run: detectorRun(request, sourceDigest),
  };
  const work = (): Promise<SegmentResult> => mediaActivities('probe', request, task.priority).conclude(input);
  return [await pausable(task, work)];
}

async function keepEvidence(
  { request, priority }: TaskState,
  { probed, plan, classified }: VerdictBasis,
  { verdict }: Revision,
): Promise<EvidenceItem[]> {
  return mediaActivities('evidence', request, priority).keepEvidence({
    source: probed.source,
    video: probed.video,
    plan,
    sampling: request.options.sampling,
    segments: classified.segments,
    suggestion: verdict.suggestion,
    blockFrames: verdict.blockFrames,
    chunks: classified.results.flatMap(({ chunks }) => chunks),
  });
}
