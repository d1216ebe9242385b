import { openStores } from '../deps.js';
import { throughOutages } from '../temporal/outages.js';
import { readProgress } from '../temporal/progress.js';
import { isOpen, pauseTask, prioritise as sendPriority, resumeTask, type TaskClient } from '../temporal/tasks.js';
import type { CommandContext } from './command.js';
import { EXIT_CODES, type ExitCode } from './exit-codes.js';
import { findTask } from './find-task.js';
import { sender } from './review.js';
import { openSession } from './session.js';
import { UsageError } from './usage-error.js';

/** `framewarden pause ID`: nothing more of a task is begun, and what is under way stops and keeps what it has. */
export async function pause(context: CommandContext, id: string): Promise<ExitCode> {
  return steer(context, id, async (tasks, taskId) => {
    await pauseTask(tasks, taskId, sender());
    const progress = await readProgress(tasks, taskId);
    if (progress?.isPaused !== true) throw new UsageError(`${taskId} has its verdict: there is nothing to pause.`);
    return `${taskId} is paused: framewarden resume lets it go on.`;
  });
}

/** `framewarden resume ID`: a paused task goes on where it was. */
export async function resume(context: CommandContext, id: string): Promise<ExitCode> {
  return steer(context, id, async (tasks, taskId) => {
    await resumeTask(tasks, taskId, sender());
    return `${taskId} goes on.`;
  });
}

/** `framewarden prioritise ID 1-5`: what is begun of a task from now on comes before or after the work of others. */
export async function prioritise(context: CommandContext, id: string, priority: number): Promise<ExitCode> {
  if (priority < 1 || priority > 5)
    throw new UsageError(`Expected a priority from 1 (first) to 5 (last), got ${priority}.`);
  return steer(context, id, async (tasks, taskId) => {
    await sendPriority(tasks, taskId, priority, sender());
    return `${taskId} has priority ${priority}.`;
  });
}

async function steer(
  { config, say, print, interrupt }: CommandContext,
  id: string,
  work: (tasks: TaskClient, taskId: string) => Promise<string>,
): Promise<ExitCode> {
  const stores = await openStores(config);
  const { taskId } = (await findTask(stores.records, id).finally(() => stores.records.close())).request;
  const session = await openSession(config, say, interrupt);
  try {
    const done = await throughOutages(async () => {
      const tasks = session.tasks();
      if (!(await isOpen(tasks, taskId))) throw new UsageError(`${taskId} has ended already.`);
      return await work(tasks, taskId);
    }, interrupt);
    print(`${done}\n`);
    return EXIT_CODES.pass;
  } finally {
    await session.close();
  }
}
