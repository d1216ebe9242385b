import { defaultPayloadConverter } from '@temporalio/common';
import type { Checkpoint } from '../schema/observation.js';
import type { Progress } from '../schema/task.js';
import { getProgress } from '../workflows/messages.js';
import type { TaskClient } from './tasks.js';

/** Longest wait for one answer: a query needs a living worker, and says nothing while there is none. One on a busy machine took more than 2 s. */
const ANSWER_MS = 10_000;

/**
 * How far an open task is, with the samples that running segments report in their heartbeats; `null` once its workflow is closed.
 * Throws what the service answers while it, or every worker, is away: ask again.
 */
export async function readProgress(
  { client }: TaskClient,
  taskId: string,
  waitMs = ANSWER_MS,
): Promise<Progress | null> {
  const handle = client.workflow.getHandle(taskId);
  return client.connection.withDeadline(Date.now() + waitMs, async () => {
    const { status, raw } = await handle.describe();
    if (status.name !== 'RUNNING') return null;
    const progress = await handle.query(getProgress);
    const underWay = (raw.pendingActivities ?? []).map(({ heartbeatDetails }) =>
      samplesOf(heartbeatDetails?.payloads?.[0]),
    );
    const done = underWay.reduce((sum, samples) => sum + samples, progress.done);
    return { ...progress, done: Math.min(done, progress.total) };
  });
}

function samplesOf(payload: Parameters<typeof defaultPayloadConverter.fromPayload>[0] | undefined | null): number {
  if (payload == null) return 0;
  // A heartbeat without details is told as one whose detail is nothing.
  const checkpoint = defaultPayloadConverter.fromPayload<Partial<Checkpoint> | undefined>(payload);
  const { from, nextSample } = checkpoint ?? {};
  return from === undefined || nextSample === undefined ? 0 : nextSample - from;
}
