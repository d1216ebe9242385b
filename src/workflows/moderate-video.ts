import { ApplicationFailure, CancellationScope, isCancellation, log } from '@temporalio/workflow';
import { FAILURE } from '../domain/failure.js';
import { planSamples } from '../domain/sample-plan.js';
import type { SamplePlan } from '../schema/plan.js';
import type { ModerationResultBody } from '../schema/result.js';
import type { TaskRequest } from '../schema/task.js';
import type { Probed } from '../schema/video.js';
import { mediaActivities, records } from './activity-options.js';
import { classifyVideo, type Classified } from './classify-video.js';
import { decideTask } from './decide-task.js';
import { failureOf } from './failure-of.js';
import { HumanReview } from './human-review.js';
import { bodyOf, openTask, type TaskState } from './task-state.js';

/**
 * Moderates one video: probe, plan samples, classify segments, decide, record, keep evidence, and wait for a person where the verdict is `review`.
 * The workflow id is the task id. Answers the last result; fails when the machine could not reach a verdict.
 */
export async function moderateVideo(request: TaskRequest): Promise<ModerationResultBody> {
  const task = openTask(request);
  const review = new HumanReview(task, 'person', { step: 'not yet' });
  let basis: VerdictBasis;
  try {
    basis = await moderate(task);
  } catch (error) {
    await CancellationScope.nonCancellable(() => recordFailure(task, error));
    throw error;
  }
  if (task.revision?.verdict.suggestion === 'review') review.open();
  await keepEvidence(task, basis);
  if (review.isOpen) await review.settle();
  task.progress.phase = 'finished';
  return bodyOf(task);
}

/** What a verdict was reached from, for those who justify it. */
interface VerdictBasis {
  probed: Probed;
  plan: SamplePlan;
  classified: Classified;
}

async function moderate(task: TaskState): Promise<VerdictBasis> {
  const { request } = task;
  await records.beginTask({ request, startTime: task.startTime });

  const probe = mediaActivities('probe', request.mediaQueue, task.priority);
  const probed = await probe.probeVideo({ source: request.source, options: request.options });
  const plan = planSamples(probed.video, request.options);
  await records.recordPlan({ taskId: request.taskId, probed, plan });

  task.progress = { phase: 'classifying', done: 0, total: plan.count };
  const classified = await classifyVideo(task, probed, plan);
  assertSomethingSeen(classified);

  task.progress.phase = 'deciding';
  const verdict = await decideTask({ request, probed, plan, classified: classified.results });
  const now = new Date().toISOString();
  task.revision = await records.recordVerdict({
    taskId: request.taskId,
    segments: classified.results.map(({ segment, chunks }) => ({ segment, chunks })),
    verdict,
    decisionId: `${request.taskId}/machine`,
    endTime: now,
  });
  task.status = 'Succeeded';
  task.endTime = now;
  return { probed, plan, classified };
}

/** Packets without a single picture: a codec that this ffmpeg does not decode, or damage from the first frame on. */
function assertSomethingSeen({ results }: Classified): void {
  if (results.some(({ inspected }) => inspected > 0)) return;
  throw ApplicationFailure.nonRetryable(
    'Not one picture of the video could be decoded. Check that it plays, or convert it to MP4.',
    FAILURE.NothingDecoded,
  );
}

/** The verdict stands without its evidence: what cannot be kept is logged, and only a cancellation ends the task. */
async function keepEvidence(task: TaskState, { probed, plan, classified }: VerdictBasis): Promise<void> {
  const { request, revision } = task;
  if (revision === null || revision.verdict.blockFrames.length === 0) return;
  task.progress.phase = 'keeping evidence';
  try {
    const media = mediaActivities('evidence', request.mediaQueue, task.priority);
    const { suggestion, blockFrames } = revision.verdict;
    const items = await media.keepEvidence({
      source: probed.source,
      video: probed.video,
      plan,
      sampling: request.options.sampling,
      segments: classified.segments,
      suggestion,
      blockFrames,
      chunks: classified.results.flatMap(({ chunks }) => chunks),
    });
    await records.recordEvidence({ taskId: request.taskId, items });
  } catch (error) {
    if (isCancellation(error)) throw error;
    log.warn('The evidence of a verdict could not be kept', {
      taskId: request.taskId,
      error: failureOf(error).message,
    });
  }
}

async function recordFailure(task: TaskState, error: unknown): Promise<void> {
  const { code, message } = failureOf(error);
  const endTime = new Date().toISOString();
  Object.assign(task, { status: 'Failed', code, message, endTime });
  await records.recordFailure({ request: task.request, startTime: task.startTime, code, message, endTime });
}
