import { resultBody } from '../domain/result-body.js';
import { openStores } from '../deps.js';
import type { RecordStore } from '../store/records.js';
import { MAX_QUEUE_PAGE, type QueueEntry, type QueueQuery } from '../store/review-queue.js';
import type { CommandContext } from './command.js';
import { EXIT_CODES, type ExitCode } from './exit-codes.js';
import { layoutOf } from './present.js';
import { renderReviews } from './render/review-table.js';
import type { ListOptions } from './tasks.js';

/** Blind second readings are made in the console alone. */
const WAITING = { projects: null, kinds: ['review', 'appeal'], order: 'age' } as const satisfies Partial<QueueQuery>;

/** `framewarden review list`: what waits for a person, the oldest first; needs no server. */
export async function listReviews(context: CommandContext, { limit, json }: ListOptions): Promise<ExitCode> {
  const { records } = await openStores(context.config);
  try {
    const entries = await waiting(records, limit);
    if (json !== true) context.print(`${renderReviews(entries, Date.now(), layoutOf(context))}\n`);
    else for (const entry of entries) context.print(`${JSON.stringify(await withResult(records, entry))}\n`);
    return EXIT_CODES.pass;
  } finally {
    await records.close();
  }
}

async function waiting({ queue }: RecordStore, limit: number): Promise<QueueEntry[]> {
  const entries: QueueEntry[] = [];
  for (let after: string | null = ''; after !== null && entries.length < limit;) {
    const page = await queue.page({
      ...WAITING,
      limit: Math.min(MAX_QUEUE_PAGE, limit - entries.length),
      ...(after !== '' && { after }),
    });
    entries.push(...page.entries);
    after = page.next;
  }
  return entries;
}

/** The result of the task with where its review stands, in keys of the same style. */
async function withResult(records: RecordStore, entry: QueueEntry): Promise<Record<string, unknown>> {
  const { taskId, kind, step, level, severity, openedAt, dueAt, claim } = entry;
  const found = await records.findResult(taskId);
  const result = found === null ? { TaskId: taskId } : resultBody(found.task.request, { ...found.task, ...found });
  return {
    ...result,
    Review: {
      Kind: kind,
      Step: step,
      Level: level,
      Severity: severity,
      WaitingSince: openedAt,
      Deadline: dueAt,
      HeldBy: claim?.reviewer ?? null,
    },
  };
}
