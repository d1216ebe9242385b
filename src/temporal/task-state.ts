import { WorkflowNotFoundError } from '@temporalio/client';
import type { ModerationResultBody } from '../schema/result.js';
import type { TaskRequest } from '../schema/task.js';
import { getModerationResult } from '../workflows/messages.js';
import { isAnswer } from './outages.js';
import type { TaskClient } from './tasks.js';

/** What Temporal itself keeps about a task beside its workflow's state: enough to answer for one whose workers are all away. */
export type TaskMemo = Pick<TaskRequest, 'projectName' | 'eventId' | 'userData' | 'taskType'>;

export function memoOf({ projectName, eventId, userData, taskType }: TaskRequest): TaskMemo & Record<string, unknown> {
  return { projectName, eventId, userData, taskType };
}

/** An execution as Temporal describes it. */
export interface DescribedTask extends TaskMemo {
  /** ISO 8601, UTC. */
  startTime: string;
  isOpen: boolean;
}

/**
 * The result as the workflow of the task has it now; `null` when nobody answers in time, because no worker is there or Temporal is away, and
 * `'unknown'` when Temporal knows no such task.
 */
export async function askTask(
  { client }: TaskClient,
  taskId: string,
  waitMs: number,
): Promise<ModerationResultBody | 'unknown' | null> {
  const handle = client.workflow.getHandle(taskId);
  try {
    return await client.connection.withDeadline(Date.now() + waitMs, () => handle.query(getModerationResult));
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return 'unknown';
    if (isAnswer(error)) return null;
    throw error;
  }
}

/** What Temporal says about a task without asking its workflow; `'unknown'` when it knows none, `null` when it does not answer in time. */
export async function describeTask(
  { client }: TaskClient,
  taskId: string,
  waitMs: number,
): Promise<DescribedTask | 'unknown' | null> {
  try {
    const { startTime, status, memo } = await client.connection.withDeadline(Date.now() + waitMs, () =>
      client.workflow.getHandle(taskId).describe(),
    );
    const {
      projectName = '',
      eventId = '',
      userData = '',
      taskType = 'VideoModeration',
    } = (memo ?? {}) as Partial<TaskMemo>;
    const isOpen = status.name === 'RUNNING';
    return { projectName, eventId, userData, taskType, startTime: startTime.toISOString(), isOpen };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return 'unknown';
    if (isAnswer(error)) return null;
    throw error;
  }
}
