import { openStores } from '../deps.js';
import { startDelivery } from '../notify/start-delivery.js';
import { destinationId, type NotificationState } from '../schema/notification.js';
import type { ListedNotification, NotificationStore } from '../store/notifications.js';
import { throughOutages } from '../temporal/outages.js';
import type { CommandContext } from './command.js';
import { EXIT_CODES, type ExitCode } from './exit-codes.js';
import { layoutOf } from './present.js';
import { renderNotifications } from './render/notification-table.js';
import { openSession } from './session.js';
import { UsageError } from './usage-error.js';

export interface NotificationListOptions {
  state?: NotificationState;
  limit: number;
  /** One object a line. */
  json?: boolean;
}

/** `framewarden notifications list`: the newest first; needs no server. */
export async function listNotifications(
  context: CommandContext,
  { state, limit, json = false }: NotificationListOptions,
): Promise<ExitCode> {
  const { records } = await openStores(context.config);
  try {
    const listed = await records.notifications.list({ limit, ...(state === undefined ? {} : { state }) });
    if (json) for (const each of listed) context.print(`${JSON.stringify(each)}\n`);
    else context.print(`${renderNotifications(listed, layoutOf(context))}\n`);
  } finally {
    await records.close();
  }
  return EXIT_CODES.pass;
}

/** `framewarden notifications resend`: has messages sent once more, whatever became of them, as the same messages; those that wait are tried at once. */
export async function resendNotifications(context: CommandContext, ids: readonly string[]): Promise<ExitCode> {
  const { config, say, print, interrupt } = context;
  const stores = await openStores(config);
  const found = await findAll(stores.records.notifications, ids).finally(() => stores.records.close());
  const session = await openSession(config, say, interrupt);
  try {
    for (const { id, taskId, destination, revision } of found) {
      await session.records.notifications.renew(id);
      const { moderation: workflowQueue, notifications: queue } = session.queues;
      const due = { id, revision, isUrgent: true };
      const order = { taskId, destination: destinationId(destination), due, workflowQueue, queue };
      await throughOutages(() => startDelivery(session.tasks().client, order), interrupt);
      print(`${id} is sent again to ${order.destination}.\n`);
    }
    if (session.role() === 'owner')
      say('No service runs on this data directory: it is sent once framewarden serve does.');
    return EXIT_CODES.pass;
  } finally {
    await session.close();
  }
}

async function findAll(notifications: NotificationStore, ids: readonly string[]): Promise<ListedNotification[]> {
  const found: ListedNotification[] = [];
  for (const id of ids) {
    const [only, second] = await notifications.list({ beginning: id, limit: 2 });
    if (only === undefined)
      throw new UsageError(
        `Expected the id of a notification, found none for ${id}: framewarden notifications list shows them.`,
      );
    if (second !== undefined && only.id !== id)
      throw new UsageError(`Expected the id of one notification, several begin with ${id}: give more of it.`);
    found.push(only);
  }
  return found;
}
