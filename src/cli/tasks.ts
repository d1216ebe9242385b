import { resultBody } from '../domain/result-body.js';
import { openStores } from '../deps.js';
import type { CommandContext } from './command.js';
import { EXIT_CODES, type ExitCode } from './exit-codes.js';
import { layoutOf } from './present.js';
import { renderTasks, type ListedTask } from './render/task-table.js';

export interface ListOptions {
  limit: number;
  /** One GetImageModerationResult object a line. */
  json?: boolean;
}

/** `framewarden tasks`: the newest first; needs no server. */
export async function listTasks(context: CommandContext, options: ListOptions): Promise<ExitCode> {
  const tasks = await recorded(context, options.limit);
  if (options.json !== true) context.print(`${renderTasks(tasks, Date.now(), layoutOf(context))}\n`);
  else
    for (const { task, revision } of tasks)
      context.print(`${JSON.stringify(resultBody(task.request, { ...task, revision }))}\n`);
  return EXIT_CODES.pass;
}

async function recorded({ config }: CommandContext, limit: number): Promise<ListedTask[]> {
  const { records } = await openStores(config);
  try {
    const tasks = await records.listTasks({ limit });
    return await Promise.all(
      tasks.map(async (task) => ({ task, revision: await records.latestRevision(task.request.taskId) })),
    );
  } finally {
    await records.close();
  }
}
