import {
  WithStartWorkflowOperation,
  WorkflowExecutionAlreadyStartedError,
  WorkflowIdConflictPolicy,
  WorkflowIdReusePolicy,
  type Client,
  type UpdateDefinition,
} from '@temporalio/client';
import type { SearchAttributePair } from '@temporalio/common';
import type { ReviewDecision } from '../schema/review.js';
import { DEFAULT_PROJECT, type TaskRequest, type TaskType } from '../schema/task.js';
import type { Revision } from '../schema/verdict.js';
import type { TaskRecord } from '../store/records.js';
import {
  applyPolicy,
  setPriority,
  submitReview,
  type PolicyApplication,
  type Recorded,
} from '../workflows/messages.js';
import type { moderateImage } from '../workflows/moderate-image.js';
import type { moderateVideo } from '../workflows/moderate-video.js';
import type { reviewTask } from '../workflows/review-task.js';
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
      typedSearchAttributes: attributes(request, installation),
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

/** Tasks of this installation whose workflow is open, oldest first; those that wait for a review among them. */
export async function openTasks({ client, installation }: TaskClient): Promise<OpenTask[]> {
  const query = `WorkflowType IN ('moderateVideo', 'moderateImage') AND ExecutionStatus = 'Running' AND Installation = '${installation}'`;
  const found: (OpenTask & { startTime: Date })[] = [];
  for await (const { workflowId, startTime, typedSearchAttributes, memo } of client.workflow.list({ query })) {
    const requestDigest = typedSearchAttributes.get(REQUEST_DIGEST) ?? '';
    const { projectName: project = DEFAULT_PROJECT } = (memo ?? {}) as Partial<TaskMemo>;
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
export async function prioritise({ client }: TaskClient, taskId: string, priority: number): Promise<void> {
  await client.workflow.getHandle(taskId).signal(setPriority, priority);
}

/**
 * Asks the task to end; it ends in `Failed` with code `Cancelled` unless the machine's verdict exists already. Answers `false` when nothing of it is
 * under way: the service itself accepts that without a word.
 */
export async function cancelTask({ client }: TaskClient, taskId: string): Promise<boolean> {
  if (!(await isOpen({ client }, taskId))) return false;
  await client.workflow.getHandle(taskId).cancel();
  return true;
}

/** Sends a decision to the task, which is reviewed anew when it is finished. Answers once it is recorded. */
export async function decideReview(
  task: TaskClient,
  record: TaskRecord,
  revision: Revision,
  decision: ReviewDecision,
): Promise<Recorded> {
  return updateOrReopen(task, record, revision, submitReview, decision);
}

/** Records another policy's verdict on the task. Answers once it is recorded. */
export async function applyPolicyTo(
  task: TaskClient,
  record: TaskRecord,
  revision: Revision,
  application: PolicyApplication,
): Promise<Recorded> {
  return updateOrReopen(task, record, revision, applyPolicy, application);
}

async function updateOrReopen<Message extends { decisionId: string }>(
  { client, installation, queues }: TaskClient,
  record: TaskRecord,
  revision: Revision,
  update: UpdateDefinition<Recorded, [Message]>,
  message: Message,
): Promise<Recorded> {
  const { request, status, code, message: failure, startTime, endTime } = record;
  const known = { status, code, message: failure, startTime, endTime, revision };
  const startWorkflowOperation = new WithStartWorkflowOperation<typeof reviewTask>('reviewTask', {
    workflowId: request.taskId,
    taskQueue: queues.moderation,
    args: [{ request, known }],
    workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
    workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
    typedSearchAttributes: attributes(request, installation),
  });
  return client.workflow.executeUpdateWithStart(update, {
    updateId: message.decisionId,
    args: [message],
    startWorkflowOperation,
  });
}

function attributes(request: TaskRequest, installation: string): SearchAttributePair[] {
  return [
    { key: REQUEST_DIGEST, value: request.requestDigest },
    { key: INSTALLATION, value: installation },
  ];
}
