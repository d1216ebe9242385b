import { CancellationScope, condition, isCancellation } from '@temporalio/workflow';
import type { TaskState } from './task-state.js';

/**
 * Does this once the task is not paused. When it is paused meanwhile, what is under way is stopped in grace, and done again once the task goes on.
 * @param work is told how often it was stopped before
 */
export async function pausable<T>(task: TaskState, work: (stops: number) => Promise<T>): Promise<T> {
  for (let stops = 0; ; stops++) {
    await condition(() => !task.isPaused);
    const scope = new CancellationScope();
    task.underWay.add(scope);
    try {
      return await scope.run(() => work(stops));
    } catch (error) {
      // Stopped by the pause, which has forgotten it, or by whatever else cancels.
      if (!isCancellation(error) || task.underWay.has(scope)) throw error;
    } finally {
      task.underWay.delete(scope);
    }
  }
}

/** Pauses the task: nothing is begun any more, and what is under way stops. */
export function pause(task: TaskState): void {
  task.isPaused = true;
  const stopping = [...task.underWay];
  task.underWay.clear();
  for (const scope of stopping) scope.cancel();
}
