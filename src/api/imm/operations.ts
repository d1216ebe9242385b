import { appealModerationTask } from './appeal-task.js';
import { createTask } from './create-task.js';
import { getResult } from './get-result.js';
import { getTask } from './get-task.js';
import { listTasks } from './list-tasks.js';
import type { OperationName } from './operation-names.js';
import type { Operation } from './operation.js';
import {
  cancelModerationTask,
  pauseModerationTask,
  prioritizeModerationTask,
  resumeModerationTask,
} from './steer-task.js';

const BY_NAME: Record<OperationName, Operation> = {
  CreateVideoModerationTask: createTask('VideoModeration'),
  GetVideoModerationResult: getResult('VideoModeration'),
  CreateImageModerationTask: createTask('ImageModeration'),
  GetImageModerationResult: getResult('ImageModeration'),
  GetTask: getTask,
  ListTasks: listTasks,
  CancelModerationTask: cancelModerationTask,
  PauseModerationTask: pauseModerationTask,
  ResumeModerationTask: resumeModerationTask,
  PrioritizeModerationTask: prioritizeModerationTask,
  AppealModerationTask: appealModerationTask,
};

/** What is done for each of the names. */
export const OPERATIONS: ReadonlyMap<string, Operation> = new Map(Object.entries(BY_NAME));

/** The one version of the API. */
export const VERSION = '2020-09-30';
