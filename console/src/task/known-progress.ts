import type { TaskView } from '../../../src/schema/console/task.js';

/** A task that runs, with the progress that was told last where nobody has told any this time. Whether it is paused is always as of now. */
export function withKnownProgress(view: TaskView, before: TaskView | null): TaskView {
  if (view.status !== 'Running' || view.progress !== null) return view;
  if (before?.taskId !== view.taskId || before.progress === null) return view;
  return { ...view, progress: { ...before.progress, isPaused: view.isPaused } };
}
