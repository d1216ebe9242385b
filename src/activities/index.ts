import type { Sender } from '../notify/sender.js';
import { mediaActivities, type MediaActivities, type MediaDeps } from './media.js';
import { deliveryActivities, notifyActivities, type DeliveryActivities, type NotifyActivities } from './notify.js';
import { purgeActivities, type PurgeActivities, type PurgeDeps } from './purge.js';
import { recordActivities, type RecordActivities, type RecordDeps } from './record.js';
import { reviewActivities, type ReviewActivities } from './review.js';

export type {
  DeliveryActivities,
  MediaActivities,
  NotifyActivities,
  PurgeActivities,
  RecordActivities,
  ReviewActivities,
};

/** Everything that activities reach the world through. */
export type ActivityDeps = RecordDeps &
  PurgeDeps &
  MediaDeps & {
    /** `null`: nothing is delivered here, for want of an operator's configuration. */
    sender: Sender | null;
  };

/** Activities by the queue that serves them. */
export interface Activities {
  records: RecordActivities & ReviewActivities & NotifyActivities & PurgeActivities;
  media: MediaActivities;
  /** `null` where nothing is delivered. */
  deliveries: DeliveryActivities | null;
}

export function createActivities(deps: ActivityDeps): Activities {
  const { records, sender } = deps;
  return {
    records: {
      ...recordActivities(deps),
      ...reviewActivities(deps),
      ...notifyActivities(deps),
      ...purgeActivities(deps),
    },
    media: mediaActivities(deps),
    deliveries: sender === null ? null : deliveryActivities({ records, sender }),
  };
}
