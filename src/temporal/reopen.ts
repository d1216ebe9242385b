import { WithStartWorkflowOperation, WorkflowIdConflictPolicy, WorkflowIdReusePolicy } from '@temporalio/client';
import type { Revision } from '../schema/verdict.js';
import type { TaskRecord } from '../store/records.js';
import type { reviewTask } from '../workflows/review-task.js';
import { memoOf } from './task-memo.js';
import { attributesOf, type TaskClient } from './tasks.js';

/** The start of another run for a task that has ended, to which a message is sent along; a task that is open gets the message alone. */
export function reopening(
  { installation, queues }: Pick<TaskClient, 'installation' | 'queues'>,
  record: TaskRecord,
  revision: Revision,
): WithStartWorkflowOperation<typeof reviewTask> {
  const { request, status, code, message, startTime, endTime } = record;
  const known = { status, code, message, startTime, endTime, revision };
  return new WithStartWorkflowOperation<typeof reviewTask>('reviewTask', {
    workflowId: request.taskId,
    taskQueue: queues.moderation,
    args: [{ request, known }],
    memo: { ...memoOf(request), isReopened: true },
    workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
    workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
    typedSearchAttributes: attributesOf(request, installation),
  });
}
