import { mediaActivities, type MediaActivities, type MediaDeps } from './media.js';
import { recordActivities, type RecordActivities, type RecordDeps } from './record.js';

export type { MediaActivities, RecordActivities };

/** Everything that activities reach the world through. */
export type ActivityDeps = RecordDeps & MediaDeps;

/** Activities by the queue that serves them. */
export function createActivities(deps: ActivityDeps): { records: RecordActivities; media: MediaActivities } {
  return { records: recordActivities(deps), media: mediaActivities(deps) };
}
