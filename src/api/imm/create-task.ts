import { invalidArgument, serviceUnavailable, throttled } from '../../domain/imm-error.js';
import type { TaskType } from '../../schema/task.js';
import { SourceRefusedError } from '../../sources/errors.js';
import { routeOf } from '../../sources/route.js';
import { newTaskRequest } from '../../task-request.js';
import { isOutage } from '../../temporal/outages.js';
import { startTask } from '../../temporal/tasks.js';
import { readCreateParameters, type CreateParameters } from './create-parameters.js';
import { readNotification } from './notification.js';
import type { Call, Operation } from './operation.js';

/** Not asked for, and of this call only. */
const COMMON = ['Action', 'Version', 'Format', 'Timestamp', 'AccessKeyId', 'SecurityToken', 'Signature'] as const;
const SIGNATURE = ['SignatureMethod', 'SignatureNonce', 'SignatureVersion', 'SignatureType'] as const;

/** How long a client is asked to wait when Temporal is away. */
const RETRY_AFTER_MS = 1000;
/** And when too many of its project's tasks are open: about as long as one takes. */
const FULL_RETRY_AFTER_MS = 5000;

/**
 * `CreateVideoModerationTask` and `CreateImageModerationTask`. Starting the workflow is the commit point: once this answers, the task is durable, and
 * whatever needs the source itself shows as the task's failure.
 */
export function createTask(taskType: TaskType): Operation {
  return { writes: true, run: (call) => create(taskType, call) };
}

async function create(taskType: TaskType, call: Call): Promise<Record<string, unknown>> {
  const { service, project, parameters } = call;
  const asked = readCreateParameters(taskType, parameters);
  checkSource(service, asked);
  const tasks = service.tasks();
  const request = newTaskRequest({
    taskType,
    projectName: project.name,
    userData: asked.userData,
    tags: asked.tags,
    definition: JSON.stringify(parameters.given([...COMMON, ...SIGNATURE])),
    source: { uri: asked.sourceUri, ...(asked.role === undefined ? {} : { role: asked.role }) },
    options: {
      scenes: asked.scenes,
      interval: asked.interval,
      maxFrames: asked.maxFrames,
      coverage: 'whole',
      sampling: project.sampling,
    },
    policy: project.policy,
    policyDigest: project.policyDigest,
    ...(await service.detectorsFor(asked.scenes, project.name)),
    mediaQueue: tasks.queues.sources,
    notify: readNotification(call, asked.role, tasks.queues.notifications),
  });
  if (!(await service.begunTasks.reserve(project.name, request.taskId, project.openTasks)))
    throw throttled(
      'User',
      `Expected at most ${project.openTasks} open tasks of project ${project.name}.`,
      FULL_RETRY_AFTER_MS,
    );
  try {
    await startTask(tasks, request);
  } catch (error) {
    service.begunTasks.release(project.name, request.taskId);
    throw isOutage(error) ? serviceUnavailable(RETRY_AFTER_MS, error) : error;
  }
  return { TaskId: request.taskId, EventId: request.eventId };
}

/** What no configuration of this service can read is refused at once; whether it is there shows only when it is read. */
function checkSource(service: Call['service'], { sourceUri: uri, role }: CreateParameters): void {
  try {
    routeOf({ uri, ...(role === undefined ? {} : { role }) }, service.settings().sources);
  } catch (error) {
    throw error instanceof SourceRefusedError ? invalidArgument(error.message) : error;
  }
}
