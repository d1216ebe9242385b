import { setHandler, workflowInfo } from '@temporalio/workflow';
import { resultBody, type ResultState } from '../domain/result-body.js';
import type { ModerationResultBody } from '../schema/result.js';
import type { Progress, TaskRequest } from '../schema/task.js';
import { getModerationResult, getProgress, setPriority } from './messages.js';
import { SYSTEM, type Doer } from './review-events.js';

/** What was just asked for comes before what earlier commands left behind. */
const DEFAULT_PRIORITY = 2;

/** All that a task's workflow knows and answers queries from. */
export interface TaskState extends ResultState {
  readonly request: TaskRequest;
  progress: Progress;
  /** 1 (first) to 5 (last). */
  priority: number;
  /** Who asked last that the task be cancelled. */
  cancelledBy: Doer;
  /** Settles once everybody is told of what there was to tell so far, see {@link notify}. */
  notified: Promise<void>;
}

/** State of a task whose workflow has just begun, with the handlers that read it. */
export function openTask(request: TaskRequest, known: Partial<TaskState> = {}): TaskState {
  const task: TaskState = {
    request,
    status: 'Running',
    code: '',
    message: '',
    startTime: workflowInfo().startTime.toISOString(),
    endTime: null,
    revision: null,
    progress: { phase: 'probing', done: 0, total: 0 },
    priority: DEFAULT_PRIORITY,
    cancelledBy: SYSTEM,
    notified: Promise.resolve(),
    ...known,
  };
  setHandler(getModerationResult, () => bodyOf(task));
  setHandler(getProgress, () => task.progress);
  setHandler(setPriority, (priority) => {
    task.priority = Math.min(5, Math.max(1, Math.round(priority)));
  });
  return task;
}

export function bodyOf(task: TaskState): ModerationResultBody {
  return resultBody(task.request, task);
}
