import type { Client } from '@temporalio/client';
import type { DeliveryInput, Due, notifyDestination } from '../workflows/notify-destination.js';

/** A message that is to be delivered, and where that is worked on. */
export interface DeliveryOrder {
  taskId: string;
  /** See `destinationId`. */
  destination: string;
  due: Due;
  /** Queue of the workflow. */
  workflowQueue: string;
  /** Queue of the workers that know the operator's topics. */
  queue: string;
}

/**
 * Has a message delivered by the workflow of its task and destination, which is started where it does not run. Once this returns nothing loses it. A second
 * time changes nothing.
 */
export async function startDelivery(
  { workflow }: Pick<Client, 'workflow'>,
  { taskId, destination, due, workflowQueue, queue }: DeliveryOrder,
): Promise<void> {
  const input: DeliveryInput = { queue };
  await workflow.signalWithStart<typeof notifyDestination, [Due]>('notifyDestination', {
    workflowId: `notify/${taskId}/${destination}`,
    taskQueue: workflowQueue,
    args: [input],
    signal: 'due',
    signalArgs: [due],
  });
}
