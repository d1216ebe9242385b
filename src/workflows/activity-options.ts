import {
  ActivityCancellationType,
  proxyActivities,
  proxyLocalActivities,
  type ActivityInterfaceFor,
  type ActivityOptions,
  type LocalActivityOptions,
} from '@temporalio/workflow';
import type {
  DeliveryActivities,
  MediaActivities,
  NotifyActivities,
  PurgeActivities,
  RecordActivities,
  ReviewActivities,
} from '../activities/index.js';
import type { TaskRequest } from '../schema/task.js';

/**
 * Time limits and retries by class of work. Permanent faults are thrown as non-retryable and fail at once, whatever is said here;
 * the caps below bound only what may go away by itself.
 */
const OPTIONS = {
  // A few rows in the store: milliseconds. Minutes of retries outlast a restart of the database; a day of them would hide that it is gone.
  records: {
    startToCloseTimeout: '30s',
    retry: { initialInterval: '200ms', backoffCoefficient: 2, maximumInterval: '30s', maximumAttempts: 20 },
  },
  // How the machine's run ended: a few rows. Without end: there is nobody left who could record it later, and a task that was given up here would count as running.
  endings: {
    startToCloseTimeout: '30s',
    retry: { initialInterval: '200ms', backoffCoefficient: 2, maximumInterval: '30s' },
  },
  // Reads the whole file once, to count frames and to digest it: 10 GB take about a minute from a slow disk. It heartbeats every second, and 10 s
  // of silence are a dead worker.
  probe: {
    startToCloseTimeout: '15m',
    heartbeatTimeout: '10s',
    retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '30s', maximumAttempts: 10 },
  },
  // An image of at most 20 MB and a few frames: seconds, or minutes where thousands of frames are asked for.
  image: {
    startToCloseTimeout: '15m',
    heartbeatTimeout: '10s',
    retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '30s', maximumAttempts: 10 },
  },
  // A segment is ≤ 20 s of work, a pass from the beginning as long as the video: hours. The heartbeat, every 0.25 s, finds a dead worker in 5 s.
  // An attempt goes on where the last one stopped, so even 50 crashes cost little; a frame that crashes the decoder every time ends there.
  classify: {
    startToCloseTimeout: '12h',
    heartbeatTimeout: '5s',
    retry: { initialInterval: '500ms', backoffCoefficient: 1.5, maximumInterval: '15s', maximumAttempts: 50 },
  },
  // Decodes at most 24 frames and 3 minutes of clips again. The verdict stands without them, so it is tried only a few times.
  evidence: {
    startToCloseTimeout: '30m',
    heartbeatTimeout: '15s',
    retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '30s', maximumAttempts: 5 },
  },
  // A few rows. Without end: a person was told that it counts, or waits to be.
  reviews: {
    startToCloseTimeout: '30s',
    retry: { initialInterval: '200ms', backoffCoefficient: 2, maximumInterval: '10s' },
  },
  // A few rows and a signal. Without end: what nobody would be told of is as good as not decided.
  notify: {
    startToCloseTimeout: '30s',
    retry: { initialInterval: '200ms', backoffCoefficient: 2, maximumInterval: '1m' },
  },
  // What ended in an hour: seconds, or a long time where much has piled up. It heartbeats with every few rows and every blob, and goes on where an attempt broke off;
  // what these do not finish is the next hour's.
  purge: {
    startToCloseTimeout: '1h',
    heartbeatTimeout: '5m',
    retry: { initialInterval: '10s', backoffCoefficient: 2, maximumInterval: '5m', maximumAttempts: 10 },
  },
  // One attempt is bounded by the operator's time-out; when there is to be another, and when no more, is said by the activity.
  deliver: {
    startToCloseTimeout: '2m',
    heartbeatTimeout: '10s',
    retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '10m' },
    cancellationType: ActivityCancellationType.TRY_CANCEL,
  },
} as const satisfies Record<string, ActivityOptions>;

// The row that somebody waits for, written within the workflow task that accepts their message: a task holds up all else that is sent to its workflow, and the service
// gives it up after 10 s. So while the store is away it is tried for a second or two, and from then on by timers between tasks, without end as above.
const AT_ONCE = {
  startToCloseTimeout: '5s',
  localRetryThreshold: '1s',
  retry: OPTIONS.reviews.retry,
} as const satisfies LocalActivityOptions;

type Ending = 'recordVerdict' | 'recordFailure';

/** Activities that need the record store; they run on the workflow's own queue. */
export const records = proxyActivities<Omit<RecordActivities, Ending>>(OPTIONS.records);

/** Those of them that end the machine's run. */
export const endings = proxyActivities<Pick<RecordActivities, Ending>>(OPTIONS.endings);

/** What becomes of a review is written down by these; on the workflow's own queue. */
export const reviews = proxyActivities<ReviewActivities>(OPTIONS.reviews);

/** The same, for what a sender waits for: as local activities, without a task of their own. */
export const reviewsAtOnce = proxyLocalActivities<Pick<ReviewActivities, 'showReview'>>(AT_ONCE);

/** What has others told of a task; on the workflow's own queue. */
export const notifications = proxyActivities<NotifyActivities>(OPTIONS.notify);

/** Removes what is old; on the workflow's own queue. */
export const purging = proxyActivities<PurgeActivities>(OPTIONS.purge);

/** Activities that need the operator's topics, on the queue of the workers that know them. */
export function deliveryActivities(taskQueue: string): ActivityInterfaceFor<DeliveryActivities> {
  return proxyActivities<DeliveryActivities>({ ...OPTIONS.deliver, taskQueue });
}

/** Activities that need the source, on the queue of the workers that can read it; projects have equal shares of these. */
export function mediaActivities(
  work: 'probe' | 'image' | 'classify' | 'evidence',
  { mediaQueue: taskQueue, projectName: fairnessKey }: Pick<TaskRequest, 'mediaQueue' | 'projectName'>,
  priorityKey: number,
): ActivityInterfaceFor<MediaActivities> {
  return proxyActivities<MediaActivities>({ ...OPTIONS[work], taskQueue, priority: { priorityKey, fairnessKey } });
}
