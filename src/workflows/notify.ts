import { CancellationScope } from '@temporalio/workflow';
import { notifications } from './activity-options.js';
import type { TaskState } from './task-state.js';

/**
 * Has everybody told of the task as it is now, who is to be told: of its latest verdict, or that it failed. Messages are kept in the order of the calls, and
 * delivered by workflows of their own: no receiver is waited for. A cancelled task tells of its end, too.
 */
export async function notify(task: TaskState): Promise<void> {
  const { request, revision } = task;
  const { taskId } = request;
  if (request.notify === undefined) return;
  const told = { taskId, revision: revision?.revision ?? 0 };
  task.notified = task.notified.then(() => CancellationScope.nonCancellable(() => notifications.notify(told)));
  await task.notified;
}
