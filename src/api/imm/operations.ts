import { appealModerationTask } from './appeal-task.js';
import { createTask } from './create-task.js';
import { getResult } from './get-result.js';
import { getTask } from './get-task.js';
import { listTasks } from './list-tasks.js';
import type { Operation } from './operation.js';
import {
  cancelModerationTask,
  pauseModerationTask,
  prioritizeModerationTask,
  resumeModerationTask,
} from './steer-task.js';

/** Operations by the names that requests and policies call them. */
export const OPERATIONS: ReadonlyMap<string, Operation> = new Map([
  ['CreateVideoModerationTask', createTask('VideoModeration')],
  ['GetVideoModerationResult', getResult('VideoModeration')],
  ['CreateImageModerationTask', createTask('ImageModeration')],
  ['GetImageModerationResult', getResult('ImageModeration')],
  ['GetTask', getTask],
  ['ListTasks', listTasks],
  // Ours: IMM has nothing like them.
  ['CancelModerationTask', cancelModerationTask],
  ['PauseModerationTask', pauseModerationTask],
  ['ResumeModerationTask', resumeModerationTask],
  ['PrioritizeModerationTask', prioritizeModerationTask],
  ['AppealModerationTask', appealModerationTask],
]);

/** The one version of the API. */
export const VERSION = '2020-09-30';
