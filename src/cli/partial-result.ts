import { readOwner } from '../owner/owner-file.js';
import { isAlive } from '../owner/watch.js';
import type { ModerationResultBody } from '../schema/result.js';
import { localTarget, type TemporalTarget } from '../temporal/target.js';
import type { CommandContext } from './command.js';

/** A query needs a living worker; who only looks does not wait for long. */
const WAIT_MS = 5000;

/**
 * What could be said of a task that runs by now, with revision 0; `null` while that is nothing, when nobody works on the task at the moment, or when it
 * is not answered in time. Starts nothing.
 */
export async function partialResult(
  { config, interrupt: signal }: Pick<CommandContext, 'config' | 'interrupt'>,
  taskId: string,
): Promise<ModerationResultBody | null> {
  const target = config.temporal ?? (await ownersTarget(config.dataDir));
  if (target === null) return null;
  const [{ connectClient }, { isAnswer }, { askPartial }] = await Promise.all([
    import('../temporal/connection.js'),
    import('../temporal/outages.js'),
    import('../temporal/task-state.js'),
  ]);
  try {
    const client = await connectClient(target, AbortSignal.any([signal, AbortSignal.timeout(WAIT_MS)]));
    return await askPartial({ client }, taskId, WAIT_MS).finally(() => client.connection.close());
  } catch (error) {
    const { name } = error as Error;
    if (!signal.aborted && (name === 'TimeoutError' || isAnswer(error))) return null;
    throw error;
  }
}

async function ownersTarget(dataDir: string): Promise<TemporalTarget | null> {
  const owner = await readOwner(dataDir);
  if (owner?.readyAt == null || owner.temporalAddress === null || owner.namespace === null) return null;
  return isAlive(owner) ? localTarget(owner.temporalAddress, owner.namespace) : null;
}
