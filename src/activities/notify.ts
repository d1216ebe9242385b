import { ApplicationFailure, Context } from '@temporalio/activity';
import { ApplicationFailureCategory } from '@temporalio/common';
import { resultBody } from '../domain/result-body.js';
import { messageFor, reviewMessageFor, type ReviewOccurrence } from '../notify/message.js';
import { messageId } from '../notify/message-id.js';
import type { Sender } from '../notify/sender.js';
import { startDelivery } from '../notify/start-delivery.js';
import {
  destinationId,
  OBJECT_DESTINATION,
  type Destination,
  type NotificationPlan,
  type NotificationState,
} from '../schema/notification.js';
import type { ModerationResultBody } from '../schema/result.js';
import type { NewNotification, Notification, NotificationStore } from '../store/notifications.js';
import type { RecordStore } from '../store/records.js';
import { heartbeating } from './heartbeating.js';
import { inActivity } from './in-activity.js';

export interface NotifyDeps {
  records: RecordStore;
}

/** What there is to tell of. */
export interface Told {
  taskId: string;
  /** Of the verdict; 0: the task has failed. */
  revision: number;
}

/** A task that waits for people. */
export interface ToldReviewers extends Told, Pick<ReviewOccurrence, 'call' | 'level' | 'openedAt' | 'dueAt'> {
  /** When that was so: ISO 8601, UTC. */
  at: string;
}

/** Activities that decide what is delivered. Safe to retry: a message has the id of what it tells, and is kept once. */
export function notifyActivities({ records }: NotifyDeps) {
  async function keepAndDeliver({ queue }: NotificationPlan, made: Omit<NewNotification, 'createdAt'>): Promise<void> {
    const { client, info } = Context.current();
    const { id, taskId, destination, revision } = made;
    await records.notifications.keep({ ...made, createdAt: new Date().toISOString() });
    const due = { id, revision };
    const name = destinationId(destination);
    await startDelivery(client, { taskId, destination: name, workflowQueue: info.taskQueue, queue, due });
  }
  return inActivity({
    /** Keeps the messages to a project's reviewers about a task that waits for them, and has them delivered. */
    async tellReviewers({ taskId, revision, ...told }: ToldReviewers): Promise<void> {
      const occurrence = await findOccurrence(records, { taskId, revision });
      const { call, openedAt, at: time } = told;
      if (occurrence === null) return;
      for (const topic of occurrence.plan.reviewers ?? []) {
        const destination = { ...topic, occasion: `${call}@${openedAt}` };
        const id = messageId(taskId, destinationId(destination), revision);
        const message = await reviewMessageFor(destination, id, { ...occurrence, ...told, time });
        await keepAndDeliver(occurrence.plan, { id, taskId, destination, revision, ...message });
      }
    },

    /** Keeps the messages about a revision and has them delivered; does nothing about a task that is gone, or that tells nobody. */
    async notify({ taskId, revision }: Told): Promise<void> {
      const occurrence = await findOccurrence(records, { taskId, revision });
      if (occurrence === null) return;
      for (const destination of objectFirst(occurrence.plan.destinations)) {
        const id = messageId(taskId, destinationId(destination), revision);
        const message = await messageFor(destination, id, occurrence);
        await keepAndDeliver(occurrence.plan, { id, taskId, destination, revision, ...message });
      }
    },
  });
}

export interface DeliveryDeps {
  records: RecordStore;
  sender: Sender;
}

/** How long a message waits for the object that it would send its receiver to. */
const OBJECT_LEAD_MS = 30_000;
const OBJECT_CHECK_MS = 500;
const FIRST_WAIT_MS = 1000;
/** Type of the failure of an attempt that is followed by another. */
const NOT_DELIVERED = 'NotDelivered';

/** Activities that need the operator's topics and their keys. */
export function deliveryActivities({ records: { notifications }, sender }: DeliveryDeps) {
  return inActivity({
    /**
     * Makes one attempt to deliver a message, and answers where that leaves it: `delivered`, `dead`, or `gone` when it is no longer kept, which counts as given up. Fails when
     * there is to be another attempt, after the wait that the failure carries. What was delivered already is not sent again.
     */
    async deliver({ id }: { id: string }): Promise<NotificationState | 'gone'> {
      const { cancellationSignal, log } = Context.current();
      const notification = await notifications.find(id);
      if (notification === null) {
        sender.count('dead');
        return 'gone';
      }
      if (notification.state !== 'pending') return notification.state;
      if (await isObjectToCome(notifications, notification))
        throw again('its object is not there yet', OBJECT_CHECK_MS);

      const outcome = await heartbeating(sender.send(notification.destination, id, notification, cancellationSignal));
      const at = new Date();
      if (outcome.kind === 'delivered') {
        await notifications.attempted(id, { at: at.toISOString(), state: 'delivered', error: null });
        sender.count('delivered');
        return 'delivered';
      }
      // The worker ends, or somebody asked for another attempt: nobody knows whether it arrived.
      cancellationSignal.throwIfAborted();
      const { error, isFinal, retryAfterMs } = outcome;
      const { longestWaitMs, retryForMs } = sender.patience();
      const firstAttemptMs = Date.parse(notification.firstAttemptAt ?? at.toISOString());
      const leftMs = firstAttemptMs + retryForMs - at.getTime();
      const state = isFinal || leftMs <= 0 ? 'dead' : 'pending';
      await notifications.attempted(id, { at: at.toISOString(), state, error });
      sender.count(state === 'dead' ? 'dead' : 'failed');
      log.warn(`A notification was not delivered and is ${state === 'dead' ? 'given up' : 'tried again'}`, { error });
      if (state === 'dead') return state;
      const wantedMs = Math.max(retryAfterMs ?? 0, FIRST_WAIT_MS * 2 ** Math.min(notification.attempts, 30));
      // Not everybody at the same moment after an outage; and once more when the time is up.
      throw again(error, Math.min(Math.min(wantedMs, longestWaitMs) * (0.9 + 0.2 * Math.random()), leftMs));
    },
  });
}

export type NotifyActivities = ReturnType<typeof notifyActivities>;
export type DeliveryActivities = ReturnType<typeof deliveryActivities>;

interface Occurrence {
  plan: NotificationPlan;
  result: ModerationResultBody;
  time: string;
}

async function findOccurrence(records: RecordStore, { taskId, revision }: Told): Promise<Occurrence | null> {
  const record = await records.findTask(taskId);
  const plan = record?.request.notify;
  if (record === null || plan === undefined) return null;
  const told = (await records.revisions(taskId)).find((each) => each.revision === revision) ?? null;
  const time = told?.recordedAt ?? record.endTime ?? record.startTime;
  return { plan, result: resultBody(record.request, { ...record, revision: told }), time };
}

/** Who is told of a result may look for it at once. */
function objectFirst(destinations: readonly Destination[]): Destination[] {
  return [...destinations].sort((a, b) => Number(a.kind !== 'object') - Number(b.kind !== 'object'));
}

/** Whether the task has an object that is still being written; not for ever: what cannot be written holds nobody up. */
async function isObjectToCome(
  notifications: NotificationStore,
  { taskId, destination, revision, createdAt }: Notification,
): Promise<boolean> {
  if (destination.kind === 'object' || Date.now() - Date.parse(createdAt) > OBJECT_LEAD_MS) return false;
  const object = await notifications.find(messageId(taskId, OBJECT_DESTINATION, revision));
  return object?.state === 'pending';
}

function again(why: string, waitMs: number): ApplicationFailure {
  return ApplicationFailure.create({
    message: why,
    type: NOT_DELIVERED,
    // What is worth a warning has been logged, and an object that is still to come is none.
    category: ApplicationFailureCategory.BENIGN,
    nextRetryDelay: Math.max(1, Math.round(waitMs)),
  });
}
