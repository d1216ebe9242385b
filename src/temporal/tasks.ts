import {
  WorkflowExecutionAlreadyStartedError,
  WorkflowIdReusePolicy,
  WorkflowNotFoundError,
  type Client,
} from '@temporalio/client';
import type { SearchAttributePair, SignalDefinition } from '@temporalio/common';
import type { Sender } from '../schema/review.js';
import { DEFAULT_PROJECT, type TaskRequest, type TaskType } from '../schema/task.js';
import {
  cancelledBy,
  pauseTask as pauseSignal,
  resumeTask as resumeSignal,
  setPriority,
} from '../workflows/messages.js';
import type { moderateImage } from '../workflows/moderate-image.js';
import type { moderateVideo } from '../workflows/moderate-video.js';
import type { Queues } from './queues.js';
import { INSTALLATION, REQUEST_DIGEST } from './search-attributes.js';
import { memoOf, type TaskMemo } from './task-memo.js';

/** A client and the installation on whose behalf it acts. */
export interface TaskClient {
  client: Client;
  installation: string;
  queues: Queues;
}

/** Priority of tasks that earlier commands left unfinished: behind everything that is asked for now. */
export const LEFT_BEHIND = 5;
/** Priority of what was just asked for. */
export const ASKED_FOR = 2;

const WORKFLOWS = { VideoModeration: 'moderateVideo', ImageModeration: 'moderateImage' } as const satisfies Record<
  TaskType,
  string
>;

/** Starts the task; once this returns nothing loses it. The workflow id is the task id: a second time changes nothing. */
export async function startTask({ client, installation, queues }: TaskClient, request: TaskRequest): Promise<void> {
  try {
    await client.workflow.start<typeof moderateVideo | typeof moderateImage>(WORKFLOWS[request.taskType], {
      workflowId: request.taskId,
      taskQueue: queues.moderation,
      args: [request],
      memo: memoOf(request),
      workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
      typedSearchAttributes: attributesOf(request, installation),
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}

/** An open task, as found by its search attributes. */
export interface OpenTask {
  taskId: string;
  requestDigest: string;
  project: string;
}

/** Tasks of this installation that are under way or wait for a review, oldest first; not those that had ended and are reviewed again. */
export async function openTasks({ client, installation }: TaskClient): Promise<OpenTask[]> {
  const query = `WorkflowType IN ('moderateVideo', 'moderateImage', 'reviewTask') AND ExecutionStatus = 'Running' AND Installation = '${installation}'`;
  const found: (OpenTask & { startTime: Date })[] = [];
  for await (const { workflowId, startTime, typedSearchAttributes, memo } of client.workflow.list({ query })) {
    const requestDigest = typedSearchAttributes.get(REQUEST_DIGEST) ?? '';
    const { projectName: project = DEFAULT_PROJECT, isReopened = false } = (memo ?? {}) as Partial<TaskMemo>;
    if (isReopened) continue;
    found.push({ taskId: workflowId, requestDigest, project, startTime });
  }
  return found.sort((a, b) => a.startTime.getTime() - b.startTime.getTime());
}

/** Whether the task's workflow is open: what is found by search attributes may have ended a moment ago. */
export async function isOpen({ client }: Pick<TaskClient, 'client'>, taskId: string): Promise<boolean> {
  const { status } = await client.workflow.getHandle(taskId).describe();
  return status.name === 'RUNNING';
}

/** From now on the task's work is done before (1) or after (5) that of others. */
export async function prioritise(
  { client }: TaskClient,
  taskId: string,
  priority: number,
  sender?: Sender,
): Promise<void> {
  await client.workflow.getHandle(taskId).signal(setPriority, priority, sender);
}

/**
 * Has nothing of a task begun from now on, until it is resumed; what is under way stops in grace and goes on later where that left it. Without effect once
 * there is a verdict. Answers `false` when the task has ended.
 */
export async function pauseTask(tasks: TaskClient, taskId: string, sender?: Sender): Promise<boolean> {
  return signalled(tasks, taskId, pauseSignal, sender);
}

/** Lets a paused task go on. Answers `false` when the task has ended. */
export async function resumeTask(tasks: TaskClient, taskId: string, sender?: Sender): Promise<boolean> {
  return signalled(tasks, taskId, resumeSignal, sender);
}

async function signalled(
  { client }: TaskClient,
  taskId: string,
  signal: SignalDefinition<[Sender?]>,
  sender?: Sender,
): Promise<boolean> {
  try {
    await client.workflow.getHandle(taskId).signal(signal, sender);
    return true;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}

/**
 * Asks the task to end; it ends in `Failed` with code `Cancelled` unless the machine's verdict exists already. Answers `false` when nothing of it is
 * under way: the service itself accepts that without a word.
 */
export async function cancelTask({ client }: TaskClient, taskId: string, sender?: Sender): Promise<boolean> {
  if (!(await isOpen({ client }, taskId))) return false;
  if (sender !== undefined) await client.workflow.getHandle(taskId).signal(cancelledBy, sender);
  await client.workflow.getHandle(taskId).cancel();
  return true;
}

/** What tasks are found by. */
export function attributesOf(request: TaskRequest, installation: string): SearchAttributePair[] {
  return [
    { key: REQUEST_DIGEST, value: request.requestDigest },
    { key: INSTALLATION, value: installation },
  ];
}
