import { WorkflowNotFoundError } from '@temporalio/client';
import { openStores } from '../deps.js';
import { throughOutages } from '../temporal/outages.js';
import { cancelTask } from '../temporal/tasks.js';
import type { CommandContext } from './command.js';
import { EXIT_CODES, type ExitCode } from './exit-codes.js';
import { findTask } from './find-task.js';
import { sender } from './review.js';
import { openSession } from './session.js';
import { UsageError } from './usage-error.js';
import { watchTask } from './watch.js';

/**
 * `framewarden cancel ID`: ends a task that is under way, and the wait of one that waits for a person.
 * Answers once the task has ended.
 */
export async function cancel(context: CommandContext, id: string): Promise<ExitCode> {
  const { config, say, print, interrupt } = context;
  const stores = await openStores(config);
  const { request } = await findTask(stores.records, id).finally(() => stores.records.close());
  const session = await openSession(config, say, interrupt);
  try {
    const isUnderWay = await throughOutages(() => cancelTask(session.tasks(), request.taskId, sender()), interrupt);
    if (!isUnderWay) throw new UsageError(`${request.taskId} has ended already.`);
    await watchTask(session, request.taskId, { until: 'closed', signal: interrupt });
    const after = await session.records.findTask(request.taskId);
    print(
      after?.status === 'Failed'
        ? `${request.taskId} is cancelled.\n`
        : `${request.taskId} no longer waits for a person; the machine's verdict stays.\n`,
    );
    return EXIT_CODES.pass;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError)
      throw new UsageError(`${request.taskId} has ended already.`, { cause: error });
    throw error;
  } finally {
    await session.close();
  }
}
