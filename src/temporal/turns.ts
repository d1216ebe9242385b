import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';

/** Whether a cluster heeds what tasks are told apart by. */
export interface Turns {
  /** What is asked for now comes before what was left behind. */
  priorities: boolean;
  /** Projects that share a queue are served in turns. */
  fairness: boolean;
}

/** What a cluster does not heed, and how to mend it, in a sentence; `null` when all is well. */
export function turnsProblem({ priorities, fairness }: Turns): string | null {
  const missing = [...(priorities ? [] : ['matching.useNewMatcher']), ...(fairness ? [] : ['matching.enableFairness'])];
  if (missing.length === 0) return null;
  const effect = fairness
    ? 'heeds no priorities: what was left behind may come before what is asked for now'
    : 'does not serve projects in turns: a large backlog of one holds up all others';
  return `The Temporal cluster ${effect}. Have ${missing.join(' and ')} set to true in its dynamic configuration.`;
}

/** Tasks of one key, and then a few of another: on a cluster of four partitions, each still gets some of both. */
const MANY = 24;
const FEW = 4;
/** Time for the server to put them in their queue, and to hand out one. */
const QUEUED_MS = 500;
const POLL_MS = 5000;
/** Should this process die meanwhile, they end by themselves. */
const LIFETIME_MS = 60_000;

/**
 * Finds out by trying, because a cluster does not tell its dynamic configuration: puts workflows nobody runs into a queue of their own, looks in which order they come
 * out, and ends them. Takes about a second.
 */
export async function observeTurns(client: Client): Promise<Turns> {
  const taskQueue = `turns@${randomUUID()}`;
  const ids = [
    ...(await startAll(client, taskQueue, 'many', MANY, { priorityKey: 3, fairnessKey: 'many' })),
    ...(await startAll(client, taskQueue, 'few', FEW, { priorityKey: 3, fairnessKey: 'few' })),
    ...(await startAll(client, taskQueue, 'urgent', FEW, { priorityKey: 1, fairnessKey: 'many' })),
  ];
  try {
    await new Promise((resolve) => setTimeout(resolve, QUEUED_MS));
    const order = await takeAll(client, taskQueue, ids.length);
    // Put in last, each kind would come out last.
    const meanRank = (kind: string): number => {
      const ranks = order.flatMap((id, rank) => (id.startsWith(`${taskQueue}/${kind}`) ? [rank] : []));
      return ranks.reduce((sum, rank) => sum + rank, 0) / ranks.length;
    };
    return { priorities: meanRank('urgent') < order.length / 2, fairness: meanRank('few') < order.length / 2 };
  } finally {
    await Promise.allSettled(ids.map((id) => client.workflow.getHandle(id).terminate('observed')));
  }
}

async function startAll(
  client: Client,
  taskQueue: string,
  kind: string,
  count: number,
  priority: { priorityKey: number; fairnessKey: string },
): Promise<string[]> {
  const ids = Array.from({ length: count }, (_, index) => `${taskQueue}/${kind}-${index}`);
  const options = { taskQueue, priority, workflowExecutionTimeout: LIFETIME_MS, args: [] };
  for (const workflowId of ids) await client.workflow.start('turns', { ...options, workflowId });
  return ids;
}

/** Ids of the workflows in the order in which a worker would have been given them. */
async function takeAll(client: Client, name: string, count: number): Promise<string[]> {
  const { connection, workflowService, options } = client;
  const taken: string[] = [];
  while (taken.length < count) {
    const { workflowExecution } = await connection.withDeadline(Date.now() + POLL_MS, () =>
      workflowService.pollWorkflowTaskQueue({
        namespace: options.namespace,
        taskQueue: { name },
        identity: 'framewarden',
      }),
    );
    if (!workflowExecution?.workflowId) throw new Error(`Expected ${count} workflows in ${name}, got ${taken.length}.`);
    taken.push(workflowExecution.workflowId);
  }
  return taken;
}
