import type { ModerationResultBody } from '../schema/result.js';
import type { TaskRequest } from '../schema/task.js';
import type { ResultState } from '../domain/result-body.js';
import { HumanReview } from './human-review.js';
import { bodyOf, openTask } from './task-state.js';

/** A finished task, reviewed again. */
export interface ReviewRequest {
  request: TaskRequest;
  /** As the record store knows it; with a revision. */
  known: ResultState;
}

/** Reviews a finished task again, under its own workflow id, so that messages about a task always go to the task. */
export async function reviewTask({ request, known }: ReviewRequest): Promise<ModerationResultBody> {
  const task = openTask(request, known);
  const review = new HumanReview(task, 'appeal', { step: 'waiting' });
  await review.settle();
  task.progress.phase = 'finished';
  return bodyOf(task);
}
