import { Context } from '@temporalio/activity';
import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import type { BankStore } from '../store/banks.js';
import type { BlobStore } from '../store/blobs.js';
import { purgeEverything } from '../store/purge-everything.js';
import type { RecordStore } from '../store/records.js';
import { repairRecords } from '../store/repair-records.js';
import { inActivity } from './in-activity.js';

export interface PurgeDeps {
  records: RecordStore;
  blobs: BlobStore;
  banks: BankStore;
}

/** The activity that removes what is old. */
export function purgeActivities(deps: PurgeDeps) {
  return inActivity({
    /**
     * Ends the records of tasks that run nowhere any more, and removes what is old: see {@link purgeEverything}.
     * Safe to retry: an attempt goes on where the last one broke off. Heartbeats without details.
     */
    async purgeEnded(): Promise<void> {
      const { client, info, cancellationSignal, heartbeat } = Context.current();
      const step = (): void => {
        cancellationSignal.throwIfAborted();
        heartbeat();
      };
      const listed = await openTasks(client, info.taskQueue, step);
      // The list may be some seconds behind: who is not on it is asked about.
      const isOpen = async (taskId: string): Promise<boolean> => listed.has(taskId) || (await asked(client, taskId));
      await repairRecords(deps.records, { isOpen, step });
      await purgeEverything(deps, Date.now(), { isOpen, step });
    },
  });
}

export type PurgeActivities = ReturnType<typeof purgeActivities>;

async function openTasks(client: Client, taskQueue: string, step: () => void): Promise<Set<string>> {
  const query = `WorkflowType IN ('moderateVideo', 'moderateImage', 'reviewTask') AND ExecutionStatus = 'Running' AND TaskQueue = '${taskQueue}'`;
  const found = new Set<string>();
  for await (const { workflowId } of client.workflow.list({ query })) {
    step();
    found.add(workflowId);
  }
  return found;
}

async function asked(client: Client, taskId: string): Promise<boolean> {
  try {
    const { status } = await client.workflow.getHandle(taskId).describe();
    return status.name === 'RUNNING';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}
