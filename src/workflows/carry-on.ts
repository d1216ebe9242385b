import { makeContinueAsNewFunc } from '@temporalio/workflow';
import type { CarriedReview } from './review-record.js';
import type { reviewTask } from './review-task.js';
import type { TaskState } from './task-state.js';

/** Goes on with a review in another run, under the same id: a history has an end, a wait need not. */
export async function carryOn(task: TaskState, review: CarriedReview): Promise<never> {
  const { request, status, code, message, startTime, endTime, revision, priority } = task;
  const known = { status, code, message, startTime, endTime, revision };
  return await makeContinueAsNewFunc<typeof reviewTask>({ workflowType: 'reviewTask' })({
    request,
    known,
    priority,
    review,
  });
}
