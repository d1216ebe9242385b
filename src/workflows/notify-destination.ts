import { CancellationScope, condition, defineSignal, isCancellation, setHandler } from '@temporalio/workflow';
import { deliveryActivities } from './activity-options.js';

/** A message that is to be delivered. */
export interface Due {
  id: string;
  revision: number;
  /** Somebody asked for it: the wait for the next attempt ends. */
  isUrgent?: boolean;
}

/** What a delivery starts with. */
export interface DeliveryInput {
  /** Queue of the workers that know the operator's topics. */
  queue: string;
}

/** There is a message to deliver. */
export const due = defineSignal<[Due]>('due');

/**
 * Delivers the messages about one task to one destination, those of earlier revisions first, each until it is delivered or given up; then it is over, until
 * there is another message.
 */
export async function notifyDestination({ queue }: DeliveryInput): Promise<void> {
  const { deliver } = deliveryActivities(queue);
  const waiting: Due[] = [];
  let current: { id: string; attempts: CancellationScope } | null = null;
  setHandler(due, (message) => {
    const isCurrent = current?.id === message.id;
    if (isCurrent && message.isUrgent !== true) return;
    if (waiting.some(({ id }) => id === message.id)) return;
    waiting.push(message);
    waiting.sort((a, b) => a.revision - b.revision);
    if (isCurrent) current?.attempts.cancel();
  });
  // The signal that a run is started with may be handled after its first step.
  await condition(() => waiting.length > 0);
  for (let message = waiting.shift(); message !== undefined; message = waiting.shift()) {
    const { id } = message;
    const attempts = new CancellationScope();
    current = { id, attempts };
    try {
      await attempts.run(() => deliver({ id }));
    } catch (error) {
      const isAskedForAgain = isCancellation(error) && waiting.some((other) => other.id === id);
      if (!isAskedForAgain) throw error;
    }
    current = null;
  }
}
