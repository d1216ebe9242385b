import { resultBody } from '../domain/result-body.js';
import { openStores } from '../deps.js';
import type { CommandContext } from './command.js';
import { EXIT_CODES, type ExitCode } from './exit-codes.js';
import { layoutOf } from './present.js';
import { renderReviews, renderTasks, type ListedTask } from './render/task-table.js';

export interface ListOptions {
  limit: number;
  /** One GetImageModerationResult object a line. */
  json?: boolean;
}

/** Tasks looked through for those that wait for a person. */
const SEARCHED = 10_000;

/** `framewarden tasks`: the newest first; needs no server. */
export async function listTasks(context: CommandContext, options: ListOptions): Promise<ExitCode> {
  const tasks = await recorded(context, options.limit);
  print(context, tasks, options, renderTasks);
  return EXIT_CODES.pass;
}

/** `framewarden review list`: what waits for a person, the oldest first; needs no server. */
export async function listReviews(context: CommandContext, options: ListOptions): Promise<ExitCode> {
  const tasks = await recorded(context, SEARCHED);
  const waiting = tasks.filter(({ revision }) => revision?.verdict.suggestion === 'review').reverse();
  print(context, waiting.slice(0, options.limit), options, renderReviews);
  return EXIT_CODES.pass;
}

function print(
  context: CommandContext,
  tasks: readonly ListedTask[],
  { json }: ListOptions,
  render: typeof renderTasks,
): void {
  if (json !== true) context.print(`${render(tasks, Date.now(), layoutOf(context))}\n`);
  else
    for (const { task, revision } of tasks)
      context.print(`${JSON.stringify(resultBody(task.request, { ...task, revision }))}\n`);
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
