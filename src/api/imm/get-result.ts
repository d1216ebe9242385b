import { TASK_TYPES, type TaskType } from '../../schema/task.js';
import { invalidArgument } from '../../domain/imm-error.js';
import { recordOf, resultOf, type NamedTask } from './find-task.js';
import type { Operation } from './operation.js';
import type { Parameters } from './parameters.js';

/** IMM's own ids have at most 64 characters. */
const MOST_ID_LENGTH = 64;

/** `GetVideoModerationResult` and `GetImageModerationResult`. */
export function getResult(taskType: TaskType): Operation {
  return {
    writes: false,
    async run(call) {
      const named = readNamedTask(call.parameters);
      if (named.taskType !== taskType)
        throw invalidArgument(`Expected TaskType to be ${taskType}, got ${named.taskType}.`);
      return { ...(await resultOf(call, named, await recordOf(call, named))) };
    },
  };
}

/** The task that a Get names. */
export function readNamedTask(parameters: Parameters): NamedTask {
  const taskType = parameters.requiredOneOf('TaskType', TASK_TYPES);
  const taskId = parameters.requiredText('TaskId');
  if (taskId.length > MOST_ID_LENGTH)
    throw invalidArgument(`Expected TaskId of at most ${MOST_ID_LENGTH} characters, got ${taskId.length}.`);
  return { taskId, taskType };
}
