import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { detectorInfos, scenesWithoutDetector } from '../detectors/registry.js';
import { loadPolicy } from '../policy.js';
import type { ModerationOptions } from '../schema/options.js';
import type { TaskRequest } from '../schema/task.js';
import { identifyFile } from '../sources/file.js';
import { newTaskRequest, type Asked } from '../task-request.js';
import { throughOutages } from '../temporal/outages.js';
import { openTasks, type OpenTask } from '../temporal/tasks.js';
import type { CommandContext } from './command.js';
import { outcomeOf, worstExitCode, type ExitCode, type Outcome } from './exit-codes.js';
import { findVideos } from './inputs.js';
import { putBehind } from './left-behind.js';
import { moderateOne } from './moderate-one.js';
import { createPresenter, type Presentation } from './present.js';
import { purgeOld } from './purge-old.js';
import { openSession } from './session.js';
import { UsageError } from './usage-error.js';

export interface ModerateSettings extends Presentation {
  options: ModerationOptions;
  /** Path of the policy; default: the default policy. */
  policy?: string;
  /** Starts new tasks, whatever is open already. */
  fresh?: boolean;
}

/**
 * `framewarden moderate FILE…`: moderates videos, presents each result as it is reached, and answers the exit code of the worst.
 * An open task for the same content, options, policy and models is gone on with; a finished one is never reused.
 */
export async function moderate(
  context: CommandContext,
  args: readonly string[],
  settings: ModerateSettings,
): Promise<ExitCode> {
  const { config, interrupt } = context;
  const paths = await findVideos(args, context.cwd);
  const presenter = createPresenter(context, settings);
  const asked = await askedFor(paths, settings);
  warnOfScenes(settings.options, presenter.note);
  const session = await openSession(config, presenter.note, interrupt);
  try {
    const requests = asked.map((each) => newTaskRequest({ ...each, mediaQueue: session.queues.media }));
    const allOpen = await throughOutages(() => openTasks(session.tasks()), interrupt);
    const purged = purgeOld(session, allOpen);
    const open = settings.fresh === true ? [] : allOpen;
    const tasks = requests.map((request) => ({ request, open: takeOpen(open, request) }));
    await putBehind(session, open, presenter.note);
    const outcomes: Outcome[] = [];
    await inTurns(tasks, config.inferenceThreads, async (task) => {
      const name = basename(fileURLToPath(task.request.source.uri));
      const body = await moderateOne(session, task, {
        onStart: presenter.note,
        onProgress: (progress) => {
          presenter.progress(task.request.taskId, name, progress);
        },
        signal: interrupt,
      });
      outcomes.push(outcomeOf(body));
      await presenter.result(task.request.taskId, name, body, session);
    });
    presenter.totals(outcomes);
    await purged;
    return worstExitCode(outcomes);
  } finally {
    presenter.stop();
    if (interrupt.aborted) presenter.note('Stopping. What is unfinished stays open: the same command goes on with it.');
    await session.close();
  }
}

function warnOfScenes({ scenes }: ModerationOptions, note: (line: string) => void): void {
  const missing = scenesWithoutDetector(scenes);
  if (missing.length === scenes.length) {
    throw new UsageError(`Expected at least one scene that a detector looks for (porn), got ${scenes.join(', ')}.`);
  }
  if (missing.length > 0) note(`Not inspected, because no detector looks for it yet: ${missing.join(', ')}.`);
}

/** All that can be wrong with what was asked for shows here, before anything is started. */
async function askedFor(
  paths: readonly string[],
  { options, policy }: ModerateSettings,
): Promise<Omit<Asked, 'mediaQueue'>[]> {
  const [loaded, detectors, sources] = await Promise.all([
    loadPolicy(policy),
    detectorInfos(options.scenes),
    Promise.all(paths.map(async (path) => ({ ...(await identifyFile(path)), anyFile: true as const }))),
  ]);
  return sources.map((source) => ({ ...loaded, source, options, detectors }));
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
