import { WorkflowNotFoundError } from '@temporalio/client';
import type { ModerationResultBody } from '../schema/result.js';
import { getModerationResult, getPartialResult } from '../workflows/messages.js';
import { isAnswer } from './outages.js';
import type { TaskMemo } from './task-memo.js';
import type { TaskClient } from './tasks.js';

/** Whoever waits for an answer about a task, to tidy up, does so for at most this long. */
const STILL_OPEN_MS = 5000;

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

/** What could be said of a task that runs by now, with revision 0; `null` while that is nothing, or nobody answers in time, or Temporal knows no such task. */
export async function askPartial(
  { client }: Pick<TaskClient, 'client'>,
  taskId: string,
  waitMs: number,
): Promise<ModerationResultBody | null> {
  try {
    return await client.connection.withDeadline(Date.now() + waitMs, () =>
      client.workflow.getHandle(taskId).query(getPartialResult),
    );
  } catch (error) {
    if (error instanceof WorkflowNotFoundError || isAnswer(error)) return null;
    throw error;
  }
}

/** What Temporal says about a task without asking its workflow; `'unknown'` when it knows none, `null` when it does not answer in time. */
export async function describeTask(
  { client }: Pick<TaskClient, 'client'>,
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

/** Whether the workflow of a task is open; of one that Temporal does not know it is not. Rejects when nobody answers within 5 s. */
export async function isStillOpen({ client }: Pick<TaskClient, 'client'>, taskId: string): Promise<boolean> {
  try {
    const { status } = await client.connection.withDeadline(Date.now() + STILL_OPEN_MS, () =>
      client.workflow.getHandle(taskId).describe(),
    );
    return status.name === 'RUNNING';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}
