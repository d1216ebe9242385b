import type { TaskRequest } from '../schema/task.js';

/** What Temporal itself keeps about a task beside its workflow's state: enough to answer for one whose workers are all away. */
export type TaskMemo = Pick<TaskRequest, 'projectName' | 'eventId' | 'userData' | 'taskType'>;

export function memoOf({ projectName, eventId, userData, taskType }: TaskRequest): TaskMemo & Record<string, unknown> {
  return { projectName, eventId, userData, taskType };
}
