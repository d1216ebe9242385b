import type { Destination, NotificationState } from '../schema/notification.js';

/** A message to one destination about one revision of a task; what it says never changes. */
export interface NewNotification {
  id: string;
  taskId: string;
  destination: Destination;
  /** Of the verdict that it tells of; 0: the task has failed. */
  revision: number;
  contentType: string;
  body: string;
  /** ISO 8601, UTC. */
  createdAt: string;
}

/** A message and how far it has come. */
export interface Notification extends NewNotification {
  state: NotificationState;
  /** Of those since it was made, or last asked for again. */
  attempts: number;
  /** What the last attempt that failed told. */
  lastError: string | null;
  firstAttemptAt: string | null;
  lastAttemptAt: string | null;
}

/** A message without what it says. */
export type ListedNotification = Omit<Notification, 'body'>;

/** How an attempt ended. */
export interface Attempted {
  /** ISO 8601, UTC. */
  at: string;
  /** What it leaves the message in. */
  state: NotificationState;
  /** `null`: it was delivered. */
  error: string | null;
}

/** What is to be delivered, and was. Every write may be repeated. */
export interface NotificationStore {
  /** Keeps a message for delivery; one of the same id that is there already stays as it is. */
  keep(notification: NewNotification): Promise<void>;
  find(id: string): Promise<Notification | null>;
  /** Counts an attempt. What was delivered stays so. */
  attempted(id: string, attempt: Attempted): Promise<void>;
  /** Makes a message pending, as if it had never been tried; `false`: there is none of this id. */
  renew(id: string): Promise<boolean>;
  /** Newest first. `beginning`: of the id. */
  list(filter: { state?: NotificationState; beginning?: string; limit: number }): Promise<ListedNotification[]>;
  /** Removes what was made before the instant. A review that ended late is told of late: what it tells is kept as long from then on. */
  purgeBefore(instant: string): Promise<void>;
}
