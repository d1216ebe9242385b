import { ApplicationFailure, CancellationScope, isCancellation, log } from '@temporalio/workflow';
import { FAILURE } from '../domain/failure.js';
import type { EvidenceItem } from '../schema/evidence.js';
import type { SegmentResult } from '../schema/observation.js';
import type { ModerationResultBody } from '../schema/result.js';
import type { TaskRequest } from '../schema/task.js';
import type { Revision, Verdict } from '../schema/verdict.js';
import { endings, records, reviews } from './activity-options.js';
import { carryOn } from './carry-on.js';
import { failureOf } from './failure-of.js';
import { HumanReview } from './human-review.js';
import { notify } from './notify.js';
import { eventOf } from './review-events.js';
import { bodyOf, openTask, type TaskState } from './task-state.js';

/** What differs between kinds of tasks; `Basis` is what a verdict was reached from. */
export interface Moderation<Basis> {
  /** From the source to the machine's verdict, recorded. */
  moderate: (task: TaskState) => Promise<Basis>;
  /** What justifies the verdict to people. */
  keepEvidence: (task: TaskState, basis: Basis, revision: Revision) => Promise<EvidenceItem[]>;
}

/**
 * The way of every task: moderate, keep evidence, and wait for a person where the verdict is `review`. The workflow id is the task id.
 * Answers the last result; fails when the machine could not reach a verdict.
 */
export async function runTask<Basis>(
  request: TaskRequest,
  { moderate, keepEvidence }: Moderation<Basis>,
): Promise<ModerationResultBody> {
  const task = openTask(request);
  const review = new HumanReview(task);
  let basis: Basis;
  try {
    await records.beginTask({ request, startTime: task.startTime });
    basis = await moderate(task);
  } catch (error) {
    await CancellationScope.nonCancellable(() => recordFailure(task, error));
    await notify(task);
    throw error;
  }
  await review.begin();
  await both(review.settle(), conclude());
  // What was opened since the first wait ended, by an appeal that came while evidence was kept.
  await review.settle();
  if (review.carriedOn !== null) return await carryOn(task, review.carriedOn);
  task.progress.phase = 'finished';
  return bodyOf(task);

  async function conclude(): Promise<void> {
    await notify(task);
    await justify(task, (revision) => keepEvidence(task, basis, revision));
    if (review.isOpen()) task.progress.phase = 'waiting for review';
    review.leaveAlone();
  }
}

/** Neither is left behind when the other one fails. */
async function both(...parts: [Promise<void>, Promise<void>]): Promise<void> {
  for (const part of await Promise.allSettled(parts)) if (part.status === 'rejected') throw part.reason;
}

/** Records the machine's verdict as revision 1, with which its run has ended. */
export async function recordVerdict(
  task: TaskState,
  verdict: Verdict,
  classified: readonly SegmentResult[],
): Promise<void> {
  const { taskId } = task.request;
  const now = new Date().toISOString();
  task.revision = await endings.recordVerdict({
    taskId,
    segments: classified.map(({ segment, chunks }) => ({ segment, chunks })),
    verdict,
    decisionId: `${taskId}/machine`,
    endTime: now,
  });
  task.status = 'Succeeded';
  task.endTime = now;
}

/** Nothing can be decided about what nobody saw: a codec that this ffmpeg does not decode, or damage from the first picture on. */
export function assertSomethingSeen(classified: readonly SegmentResult[]): void {
  if (classified.some(({ inspected }) => inspected > 0)) return;
  throw ApplicationFailure.nonRetryable(
    'Not one picture of the video could be decoded. Check that it plays, or convert it to MP4.',
    FAILURE.NothingDecoded,
  );
}

/** The verdict stands without its evidence: what cannot be kept is logged, and only a cancellation ends the task. */
async function justify(task: TaskState, keep: (revision: Revision) => Promise<EvidenceItem[]>): Promise<void> {
  const { revision } = task;
  const { taskId } = task.request;
  if (revision === null || revision.verdict.blockFrames.length === 0) return;
  task.progress.phase = 'keeping evidence';
  try {
    await records.recordEvidence({ taskId, items: await keep(revision) });
  } catch (error) {
    if (isCancellation(error)) throw error;
    log.warn('The evidence of a verdict could not be kept', { taskId, error: failureOf(error).message });
  }
}

async function recordFailure(task: TaskState, error: unknown): Promise<void> {
  const { code, message } = failureOf(error);
  const endTime = new Date().toISOString();
  Object.assign(task, { status: 'Failed', code, message, endTime });
  const found = task.found?.().classified ?? [];
  const segments = found.map(({ segment, chunks }) => ({ segment, chunks }));
  await endings.recordFailure({ request: task.request, startTime: task.startTime, segments, code, message, endTime });
  if (isCancellation(error)) {
    const event = eventOf(task.request, 'task-cancelled', 'running', task.cancelledBy);
    await reviews.writeDown({ events: [event] });
  }
}
