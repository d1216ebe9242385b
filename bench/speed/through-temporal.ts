import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openSession, type Session } from '../../src/cli/session.js';
import { readConfig } from '../../src/config.js';
import { readObservations } from '../../src/store/observations.js';
import { cancelTask, startTask } from '../../src/temporal/tasks.js';
import type { Asked, Measured } from './measured.js';
import { startMeter } from './meter.js';
import { requestFor } from './request.js';

/** Milliseconds between two looks for the verdict: no oftener than what is measured can bear. */
const LOOK_MS = 50;
/** Every so many looks it is asked whether the task has failed, which takes longer. */
const LOOKS_PER_STATUS = 40;

/** The product as a command runs it, as owner of a data directory with its own server: from the start of the task to its recorded verdict. */
export async function throughTemporal({ path, sampling, dataDir }: Asked, onStart: () => void): Promise<Measured> {
  const session = await openSession(readConfig({ dataDir }), () => undefined, new AbortController().signal, {
    scenes: ['porn'],
  });
  try {
    // Loads the models and compiles the code: start-up is measured elsewhere. Nothing of it may still be under way, as its evidence would be.
    const first = await taskOf(session, join('samples', 'cockatoo.mp4'), 'exact');
    await session
      .tasks()
      .client.workflow.getHandle(first.taskId)
      .result()
      .catch(() => undefined);
    onStart();
    const { taskId, ...cost } = await taskOf(session, path, sampling);
    const { records, blobs } = session;
    const [revision, chunks, attempts] = await Promise.all([
      records.latestRevision(taskId),
      records.observationChunks(taskId),
      records.attempts(taskId),
    ]);
    if (revision === null) throw new Error('Expected a verdict to be there once it was seen.');
    return {
      ...cost,
      segments: new Set(attempts.map(({ segment }) => segment)).size,
      samples: chunks.reduce((sum, { from, to }) => sum + to - from, 0),
      verdict: revision.verdict,
      observations: await readObservations(blobs, chunks),
    };
  } finally {
    await session.close();
  }
}

type Timed = { taskId: string } & ReturnType<ReturnType<typeof startMeter>>;

async function taskOf(session: Session, path: string, sampling: Asked['sampling']): Promise<Timed> {
  const request = await requestFor(path, sampling, session.queues.media);
  const { taskId } = request;
  const stop = startMeter();
  await startTask(session.tasks(), request);
  for (let looks = 0; (await session.records.latestRevision(taskId)) === null; looks++) {
    const isDue = looks % LOOKS_PER_STATUS === 0;
    if (isDue && (await session.records.findTask(taskId))?.status === 'Failed')
      throw new Error(`Expected ${path} to be moderated, but its task ${taskId} failed.`);
    await sleep(LOOK_MS);
  }
  const cost = stop();
  // What follows the verdict, evidence and the wait for a person, is not measured and not waited for.
  await cancelTask(session.tasks(), taskId);
  return { taskId, ...cost };
}
