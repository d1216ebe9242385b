import type { Recorded } from '../schema/review.js';
import type { Revision } from '../schema/verdict.js';
import type { TaskRecord } from '../store/records.js';
import { applyPolicy, type PolicyApplication } from '../workflows/messages.js';
import { reopening } from './reopen.js';
import { refusalOf } from './reviews.js';
import type { TaskClient } from './tasks.js';

/**
 * Records another policy's verdict on the task. Answers once it is recorded.
 * @throws {ReviewRefusedError} where people have decided, have begun to, or are to
 */
export async function applyPolicyTo(
  tasks: TaskClient,
  record: TaskRecord,
  revision: Revision,
  application: PolicyApplication,
): Promise<Recorded> {
  try {
    return await tasks.client.workflow.executeUpdateWithStart(applyPolicy, {
      updateId: `policy/${application.decisionId}`,
      args: [application],
      startWorkflowOperation: reopening(tasks, record, revision),
    });
  } catch (error) {
    throw refusalOf(record.request.taskId, error) ?? error;
  }
}
