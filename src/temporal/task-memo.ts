import type { TaskRequest } from '../schema/task.js';

/** What Temporal itself keeps about a task beside its workflow's state: enough to answer for one whose workers are all away. */
export interface TaskMemo extends Pick<TaskRequest, 'projectName' | 'eventId' | 'userData' | 'taskType'> {
  /** Whether this run is another one of a task that had ended. */
  isReopened?: boolean;
}

export function memoOf({ projectName, eventId, userData, taskType }: TaskRequest): TaskMemo & Record<string, unknown> {
  return { projectName, eventId, userData, taskType };
}
