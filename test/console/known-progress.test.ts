import { withKnownProgress } from '../../console/src/task/known-progress.js';
import type { ProgressView, TaskView } from '../../src/schema/console/task.js';

const PROGRESS: ProgressView = { phase: 'classifying', done: 3, total: 9, isPaused: false, priority: 4 };

/** What of a task the page keeps progress by. */
const viewOf = (given: Partial<TaskView>) =>
  ({ taskId: 'one', status: 'Running', progress: null, isPaused: false, ...given }) as TaskView;

test('of a task that nobody tells of the progress that was told last stays, with whether it is paused now', () => {
  const before = viewOf({ progress: PROGRESS });
  expect(withKnownProgress(viewOf({ isPaused: true }), before).progress).toEqual({ ...PROGRESS, isPaused: true });
  const now = viewOf({ progress: { ...PROGRESS, done: 4 } });
  expect(withKnownProgress(now, before)).toBe(now);
});

test('nothing stays of another task, or once the task does not run any more', () => {
  const before = viewOf({ progress: PROGRESS });
  for (const view of [viewOf({ taskId: 'two' }), viewOf({ status: 'Succeeded' })])
    expect(withKnownProgress(view, before).progress).toBeNull();
  expect(withKnownProgress(viewOf({}), null).progress).toBeNull();
  expect(withKnownProgress(viewOf({}), viewOf({})).progress).toBeNull();
});
