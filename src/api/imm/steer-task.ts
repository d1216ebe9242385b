import { WorkflowNotFoundError } from '@temporalio/client';
import { incorrectStatus, missingArgument, serviceUnavailable } from '../../domain/imm-error.js';
import { isOutage } from '../../temporal/outages.js';
import { cancelTask, pauseTask, prioritise, resumeTask } from '../../temporal/tasks.js';
import { recordOf, resultOf } from './find-task.js';
import { readNamedTask } from './get-result.js';
import type { Call, Operation } from './operation.js';

/** How long a client is asked to wait when Temporal is away. */
const RETRY_AFTER_MS = 1000;

/** What steers one task; answers `false` when the task has ended. */
type Steering = (call: Call, taskId: string) => Promise<boolean>;

/** `CancelModerationTask`: ends a task that runs, and the wait of one that waits for a person. */
export const cancelModerationTask = steering('under way', ({ service, sender }, taskId) =>
  cancelTask(service.tasks(), taskId, sender),
);

/** `PauseModerationTask`: nothing more of a task that runs is begun, and what is under way stops in grace. */
export const pauseModerationTask = steering('Running', whileItRuns(pauseTask));

/** `ResumeModerationTask`: a paused task goes on where it was. */
export const resumeModerationTask = steering('Running', whileItRuns(resumeTask));

/** `PrioritizeModerationTask`: what is begun of a task from now on comes before or after the work of others. */
export const prioritizeModerationTask = steering('under way', async ({ service, parameters, sender }, taskId) => {
  const priority = parameters.integer('Priority', { min: 1, max: 5, fallback: 0 });
  if (priority === 0) throw missingArgument('Priority');
  await prioritise(service.tasks(), taskId, priority, sender);
  return true;
});

/** Looks a task up as the Gets do, and steers it. Answers its id; asked for again it does the same. */
function steering(state: 'under way' | 'Running', steer: Steering): Operation {
  return {
    writes: true,
    async run(call) {
      const named = readNamedTask(call.parameters);
      await resultOf(call, named, await recordOf(call, named));
      if (!(await reached(steer(call, named.taskId))))
        throw incorrectStatus(`Expected the task ${named.taskId} to be ${state}, but it has ended.`);
      return { TaskId: named.taskId };
    },
  };
}

/** With a verdict there is nothing to stop: the message alone would be taken without a word. */
function whileItRuns(send: typeof pauseTask): Steering {
  return async (call, taskId) => {
    const record = await call.service.records.findTask(taskId);
    return (record === null || record.status === 'Running') && (await send(call.service.tasks(), taskId, call.sender));
  };
}

async function reached(steered: Promise<boolean>): Promise<boolean> {
  try {
    return await steered;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw isOutage(error) ? serviceUnavailable(RETRY_AFTER_MS, error) : error;
  }
}
