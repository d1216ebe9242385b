import { CancellationScope } from '@temporalio/workflow';
import type { ReviewState } from '../domain/review.js';
import type { ReviewCall } from '../schema/notification.js';
import { notifications } from './activity-options.js';
import type { TaskState } from './task-state.js';

/**
 * Has everybody told of the task as it is now, who is to be told: of its latest verdict, or that it failed. Messages are kept in the order of the calls, and
 * delivered by workflows of their own: no receiver is waited for. A cancelled task tells of its end, too.
 */
export async function notify(task: TaskState): Promise<void> {
  const { taskId, notify: plan } = task.request;
  if (plan === undefined || plan.destinations.length === 0) return;
  const told = { taskId, revision: task.revision?.revision ?? 0 };
  await inTurn(task, () => notifications.notify(told));
}

/** Has the project's reviewers told that the task waits for them, or for leads alone. */
export async function tellReviewers(
  task: TaskState,
  { level, openedMs, dueMs }: ReviewState,
  call: ReviewCall,
): Promise<void> {
  const { taskId, notify: plan } = task.request;
  if (plan?.reviewers === undefined) return;
  const iso = (ms: number): string => new Date(ms).toISOString();
  const told = {
    ...{ taskId, revision: task.revision?.revision ?? 0, call, level },
    openedAt: iso(openedMs),
    dueAt: dueMs === null ? null : iso(dueMs),
    at: new Date().toISOString(),
  };
  await inTurn(task, () => notifications.tellReviewers(told));
}

async function inTurn(task: TaskState, tell: () => Promise<void>): Promise<void> {
  task.untold++;
  task.notified = task.notified.then(() => CancellationScope.nonCancellable(tell));
  try {
    await task.notified;
  } finally {
    task.untold--;
  }
}
