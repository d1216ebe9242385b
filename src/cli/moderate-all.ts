import { DEFAULT_PROJECT, type TaskRequest } from '../schema/task.js';
import { newTaskRequest, type Asked } from '../task-request.js';
import { throughOutages } from '../temporal/outages.js';
import { isOpen, openTasks, type OpenTask } from '../temporal/tasks.js';
import { outcomeOf, worstExitCode, type ExitCode, type Outcome } from './exit-codes.js';
import { putBehind } from './left-behind.js';
import { moderateOne } from './moderate-one.js';
import type { Presenter } from './present.js';
import { purgeOld } from './purge-old.js';
import type { Session } from './session.js';
import { sourceName } from './source-name.js';

export interface ModerateAllOptions {
  /** Starts new tasks, whatever is open already. */
  fresh: boolean;
  /** Videos under way at once. */
  atOnce: number;
  presenter: Presenter;
  signal: AbortSignal;
}

/** Moderates all that is asked for, in its order, and answers the exit code of the worst. */
export async function moderateAll(
  session: Session,
  asked: readonly Omit<Asked, 'mediaQueue'>[],
  { fresh, atOnce, presenter, signal }: ModerateAllOptions,
): Promise<ExitCode> {
  const requests = asked.map((each) => newTaskRequest({ ...each, mediaQueue: session.queues.media }));
  const allOpen = await throughOutages(() => openTasks(session.tasks()), signal);
  const purged = purgeOld(session, allOpen, signal);
  // What a service was asked for on the same directory is none of a command's business.
  const open = fresh ? [] : allOpen.filter(({ project }) => project === DEFAULT_PROJECT);
  const tasks: { request: TaskRequest; open: OpenTask | undefined }[] = [];
  for (const request of requests) {
    const found = takeOpen(open, request);
    const isStill = found !== undefined && (await throughOutages(() => isOpen(session.tasks(), found.taskId), signal));
    tasks.push({ request, open: isStill ? found : undefined });
  }
  await putBehind(session, open, presenter.note);
  const outcomes: Outcome[] = [];
  await inTurns(tasks, atOnce, async (task) => {
    const name = sourceName(task.request.source.uri);
    const body = await moderateOne(session, task, {
      onStart: presenter.note,
      onProgress: (progress) => {
        presenter.progress(task.request.taskId, name, progress);
      },
      onDecided: (decided) => presenter.decided(task.request.taskId, name, decided, session),
      signal,
    });
    outcomes.push(outcomeOf(body));
    await presenter.settled(task.request.taskId, name, body, session);
  });
  presenter.totals(outcomes);
  await purged;
  return worstExitCode(outcomes);
}

/** Takes the open task for this very request from the list. */
function takeOpen(open: OpenTask[], { requestDigest }: TaskRequest): OpenTask | undefined {
  const index = open.findIndex((task) => task.requestDigest === requestDigest);
  return index === -1 ? undefined : open.splice(index, 1)[0];
}

/** Works through the list from the front, this many at once. Stops taking more at the first error. */
async function inTurns<T>(list: readonly T[], atOnce: number, work: (item: T) => Promise<void>): Promise<void> {
  const waiting = [...list];
  const next = async (): Promise<void> => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) {
      await work(item).catch((error: unknown) => {
        waiting.length = 0;
        throw error;
      });
    }
  };
  await Promise.all(Array.from({ length: atOnce }, next));
}
