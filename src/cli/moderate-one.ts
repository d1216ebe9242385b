import type { ModerationResultBody } from '../schema/result.js';
import type { Progress, TaskRequest } from '../schema/task.js';
import { throughOutages } from '../temporal/outages.js';
import { ASKED_FOR, prioritise, startTask, type OpenTask } from '../temporal/tasks.js';
import { readResult } from './read-result.js';
import type { Session } from './session.js';
import { watchTask } from './watch.js';

export interface Following {
  /** Called when an open task is gone on with. */
  onStart: (line: string) => void;
  onProgress: (progress: Progress) => void;
  /** Called with the result as soon as it is recorded; evidence is kept afterwards. Awaited. */
  onDecided: (body: ModerationResultBody) => Promise<void>;
  signal: AbortSignal;
}

/** Goes on with the open task, or starts the new one, until the machine is through with it: verdict recorded, evidence kept. Answers its result. */
export async function moderateOne(
  session: Session,
  { request, open }: { request: TaskRequest; open: OpenTask | undefined },
  { onStart, onProgress, onDecided, signal }: Following,
): Promise<ModerationResultBody> {
  const taskId = open?.taskId ?? request.taskId;
  if (open === undefined) await throughOutages(() => startTask(session.tasks(), request), signal);
  else {
    onStart(`Going on with ${taskId}.`);
    await throughOutages(() => prioritise(session.tasks(), taskId, ASKED_FOR), signal);
  }
  await watchTask(session, taskId, { until: 'decided', onProgress, signal });
  const body = await readResult(session.records, taskId);
  await onDecided(body);
  await watchTask(session, taskId, { until: 'settled', onProgress, signal });
  return body;
}
