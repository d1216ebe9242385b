import { setTimeout as sleep } from 'node:timers/promises';
import { WorkflowNotFoundError } from '@temporalio/client';
import type { Progress } from '../schema/task.js';
import { isAnswer, unlessAborted } from '../temporal/outages.js';
import { readProgress } from '../temporal/progress.js';
import type { Session } from './session.js';

/** Between two looks at a task: often at first, so that a short video is not waited for, and twice a second at most. */
const POLL_MS = { least: 50, most: 500 };
/** Servers restart and owners change; after this long without any answer something is wrong for good. */
const SILENCE_MS = 120_000;

export interface Watch {
  /** `settled`: evidence is kept, and the task waits for a person or is closed. `closed`: nothing more will come of it. */
  until: 'settled' | 'closed';
  onProgress?: (progress: Progress) => void;
  signal: AbortSignal;
}

/**
 * Follows a task until it is settled or closed. Outages are waited out, also those in which another process takes over.
 * Throws the signal's reason, and WorkflowNotFoundError for a task that Temporal does not know.
 */
export async function watchTask(session: Session, taskId: string, { until, onProgress, signal }: Watch): Promise<void> {
  const startedAt = performance.now();
  let heardAt = startedAt;
  for (;;) {
    signal.throwIfAborted();
    const tasks = session.tasks();
    try {
      const progress = await unlessAborted(readProgress(tasks, taskId), signal);
      heardAt = performance.now();
      if (progress === null || (until === 'settled' && isSettled(progress))) return;
      onProgress?.(progress);
    } catch (error) {
      const isPassing = isAnswer(error) && !(error instanceof WorkflowNotFoundError);
      if (signal.aborted || !isPassing || performance.now() - heardAt > SILENCE_MS) throw error;
    }
    const elapsedMs = performance.now() - startedAt;
    await sleep(Math.min(POLL_MS.most, Math.max(POLL_MS.least, elapsedMs / 20)), undefined, { signal });
  }
}

function isSettled({ phase }: Progress): boolean {
  return phase === 'waiting for review' || phase === 'finished';
}
