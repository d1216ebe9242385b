import type { ModerationResultBody } from '../schema/result.js';
import type { TaskRequest } from '../schema/task.js';
import type { ResultState } from '../domain/result-body.js';
import { carryOn } from './carry-on.js';
import { HumanReview } from './human-review.js';
import type { CarriedReview } from './review-record.js';
import { bodyOf, openTask } from './task-state.js';

/** A finished task that is reviewed again, or one whose review goes on. */
export interface ReviewRequest {
  request: TaskRequest;
  /** As the record store knows it; with a revision. */
  known: ResultState;
  priority?: number;
  /** The review that goes on; absent: the message that comes with the start says what is to be done. */
  review?: CarriedReview;
}

/** Reviews a task under its own workflow id, so that messages about a task always go to the task. */
export async function reviewTask({ request, known, priority, review }: ReviewRequest): Promise<ModerationResultBody> {
  const task = openTask(request, { ...known, ...(priority && { priority }) });
  const human = new HumanReview(task, review);
  if (review !== undefined || (await human.isAsked())) {
    task.progress = { ...task.progress, phase: 'waiting for review' };
    human.leaveAlone();
    await human.settle();
  }
  if (human.carriedOn !== null) return await carryOn(task, human.carriedOn);
  task.progress.phase = 'finished';
  return bodyOf(task);
}
