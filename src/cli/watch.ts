import { setTimeout as sleep } from 'node:timers/promises';
import { WorkflowNotFoundError } from '@temporalio/client';
import type { Phase, Progress } from '../schema/task.js';
import { isAnswer, unlessAborted } from '../temporal/outages.js';
import { readProgress } from '../temporal/progress.js';
import type { Session } from './session.js';

/**
 * Between two looks at a task: often at first, so that a short video is not waited for, and twice a second at most; once all samples are classified
 * what is waited for is near.
 */
const POLL_MS = { least: 50, most: 500, near: 100 };
/** Servers restart and owners change; after this long without any answer something is wrong for good. */
const SILENCE_MS = 120_000;

export interface Watch {
  /**
   * `decided`: the machine's verdict is recorded, or there will be none. `settled`: evidence is kept besides, and the task waits for a person or is
   * closed. `closed`: nothing more will come of it.
   */
  until: 'decided' | 'settled' | 'closed';
  onProgress?: (progress: Progress) => void;
  signal: AbortSignal;
}

/**
 * Follows a task until it is as wanted. Outages are waited out, also those in which another process takes over.
 * Throws the signal's reason, and WorkflowNotFoundError for a task that Temporal does not know.
 */
export async function watchTask(session: Session, taskId: string, { until, onProgress, signal }: Watch): Promise<void> {
  const startedAt = performance.now();
  let heardAt = startedAt;
  for (let most: number = POLL_MS.most; ;) {
    signal.throwIfAborted();
    const tasks = session.tasks();
    try {
      const progress = await unlessAborted(readProgress(tasks, taskId), signal);
      heardAt = performance.now();
      if (progress === null || PHASES_REACHED[until].has(progress.phase)) return;
      onProgress?.(progress);
      most = progress.done < progress.total ? POLL_MS.most : POLL_MS.near;
    } catch (error) {
      const isPassing = isAnswer(error) && !(error instanceof WorkflowNotFoundError);
      if (signal.aborted || !isPassing || performance.now() - heardAt > SILENCE_MS) throw error;
    }
    const elapsedMs = performance.now() - startedAt;
    await sleep(Math.min(most, Math.max(POLL_MS.least, elapsedMs / 20)), undefined, { signal });
  }
}

const SETTLED = ['waiting for review', 'finished'] as const satisfies Phase[];
/** Phases in which an open task is as wanted. */
const PHASES_REACHED: Readonly<Record<Watch['until'], ReadonlySet<Phase>>> = {
  decided: new Set(['keeping evidence', ...SETTLED]),
  settled: new Set(SETTLED),
  closed: new Set(),
};
