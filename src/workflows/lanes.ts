import type { TaskState } from './task-state.js';

/** Segments of one video scheduled at once: enough for the cores of a few machines, few enough that other videos get their turn. */
const FAN_OUT = 8;
/** Of those, the ones with the task's own priority: what is scheduled keeps its priority, so that more could not be put behind another task's work. */
const IN_FRONT = 2;
/** The others only take what would stand idle. */
const LAST_PRIORITY = 5;

/** One of the places in which segments of a video are scheduled, one after another. */
export interface Lane {
  /** Whether it has the task's own priority. */
  isInFront: boolean;
}

/** Does this for all that `next` answers, FAN_OUT at once; nothing more is begun once one has failed. */
export async function inLanes<T>(
  next: (lane: Lane) => T | undefined,
  work: (item: T, lane: Lane) => Promise<void>,
): Promise<void> {
  let hasFailed = false;
  async function takeTurns(lane: Lane): Promise<void> {
    for (let item = next(lane); item !== undefined; item = hasFailed ? undefined : next(lane)) {
      try {
        await work(item, lane);
      } catch (error) {
        hasFailed = true;
        throw error;
      }
    }
  }
  await Promise.all(Array.from({ length: FAN_OUT }, (_, index) => takeTurns({ isInFront: index < IN_FRONT })));
}

/** Of what is scheduled in a lane, 1 before 5. */
export function priorityIn({ isInFront }: Lane, task: TaskState): number {
  return isInFront ? task.priority : LAST_PRIORITY;
}
