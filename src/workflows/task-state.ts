import { CancellationScope, setHandler, workflowInfo } from '@temporalio/workflow';
import { resultBody, type ResultState } from '../domain/result-body.js';
import type { ModerationResultBody } from '../schema/result.js';
import type { Sender } from '../schema/review.js';
import type { Progress, TaskRequest } from '../schema/task.js';
import { reviews } from './activity-options.js';
import { decideSoFar, type DecidableTask } from './decide-task.js';
import {
  cancelledBy,
  getModerationResult,
  getPartialResult,
  getProgress,
  pauseTask,
  resumeTask,
  setPriority,
} from './messages.js';
import { pause } from './pausable.js';
import { eventOf, SYSTEM, type Doer } from './review-events.js';

/** What was just asked for comes before what earlier commands left behind. */
const DEFAULT_PRIORITY = 2;

/** All that a task's workflow knows and answers queries from. */
export interface TaskState extends ResultState {
  readonly request: TaskRequest;
  progress: Omit<Progress, 'isPaused' | 'priority'>;
  /** 1 (first) to 5 (last). */
  priority: number;
  isPaused: boolean;
  /** What stops when the task is paused, see {@link pausable}. */
  readonly underWay: Set<CancellationScope>;
  /** What is classified and proven so far; `null` before there is a plan. */
  found: (() => DecidableTask) | null;
  /** Who asked last that the task be cancelled. */
  cancelledBy: Doer;
  /** Settles once everybody is told of what there was to tell so far, see {@link notify}. */
  notified: Promise<void>;
  /** Of how much somebody is still to be told. */
  untold: number;
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
    isPaused: false,
    underWay: new Set(),
    found: null,
    cancelledBy: SYSTEM,
    notified: Promise.resolve(),
    untold: 0,
    ...known,
  };
  setHandler(getModerationResult, () => bodyOf(task));
  setHandler(getPartialResult, () => partialBody(task));
  setHandler(getProgress, () => ({ ...task.progress, isPaused: task.isPaused, priority: task.priority }));
  setHandler(setPriority, async (priority, sender) => {
    task.priority = Math.min(5, Math.max(1, Math.round(priority)));
    if (sender !== undefined) await writeDown(task, 'task-prioritised', sender, { priority: task.priority });
  });
  setHandler(cancelledBy, (sender) => {
    task.cancelledBy = { reviewer: sender.actor, sender };
  });
  setHandler(pauseTask, async (sender) => {
    if (task.status !== 'Running' || task.isPaused) return;
    pause(task);
    await writeDown(task, 'task-paused', sender);
  });
  setHandler(resumeTask, async (sender) => {
    if (!task.isPaused) return;
    task.isPaused = false;
    await writeDown(task, 'task-resumed', sender);
  });
  return task;
}

async function writeDown(
  { request }: TaskState,
  kind: 'task-paused' | 'task-resumed' | 'task-prioritised',
  sender?: Sender,
  detail: Record<string, number> = {},
): Promise<void> {
  const doer = sender === undefined ? SYSTEM : { reviewer: sender.actor, sender };
  const event = eventOf(request, kind, new Date().toISOString(), doer, detail);
  await CancellationScope.nonCancellable(() => reviews.writeDown({ events: [event] }));
}

function partialBody(task: TaskState): ModerationResultBody | null {
  if (task.revision !== null) return bodyOf(task);
  const verdict = task.found === null ? null : decideSoFar(task.found());
  if (verdict === null) return null;
  const nobody = { reviewer: null, reason: null, decisionId: '', recordedAt: '' };
  return resultBody(task.request, { ...task, revision: { revision: 0, origin: 'machine', verdict, ...nobody } });
}

export function bodyOf(task: TaskState): ModerationResultBody {
  return resultBody(task.request, task);
}
