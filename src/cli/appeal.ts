import { userInfo } from 'node:os';
import { nanoid } from 'nanoid';
import { openStores } from '../deps.js';
import { openAppeal, ReviewRefusedError } from '../temporal/reviews.js';
import { untilAnswered } from '../temporal/until-answered.js';
import type { CommandContext } from './command.js';
import { EXIT_CODES, type ExitCode } from './exit-codes.js';
import { findDecidable, sender } from './review.js';
import { openSession } from './session.js';
import { UsageError } from './usage-error.js';

/** `framewarden appeal ID`: has a task with a verdict read again, by somebody who has not decided it; answers once it waits for a person. */
export async function appeal(context: CommandContext, id: string, { reason }: { reason?: string }): Promise<ExitCode> {
  const { config, say, print, interrupt } = context;
  const stores = await openStores(config);
  const { task, revision } = await findDecidable(stores.records, id).finally(() => stores.records.close());
  const { taskId } = task.request;
  const session = await openSession(config, say, interrupt);
  try {
    const asked = {
      appealId: `cli-${nanoid()}`,
      appellant: userInfo().username,
      reason: reason ?? null,
      sender: sender(),
    };
    await untilAnswered(() => openAppeal(session.tasks(), task, revision, asked), interrupt);
    print(`${taskId} waits for a person who has not decided it yet.\n`);
    return EXIT_CODES.pass;
  } catch (error) {
    if (!(error instanceof ReviewRefusedError)) throw error;
    throw new UsageError(`${taskId}: ${error.message}`, { cause: error });
  } finally {
    await session.close();
  }
}
