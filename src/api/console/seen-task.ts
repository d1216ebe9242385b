import { isByMachine } from '../../domain/judged.js';
import type { Revision } from '../../schema/verdict.js';
import type { RecordStore } from '../../store/records.js';
import type { QueueEntry } from '../../store/review-queue.js';

/** A task as somebody may see it. */
export interface SeenTask {
  /** Oldest first. */
  revisions: Revision[];
  /** What is to be read; `null`: nothing. */
  entry: QueueEntry | null;
  /** It was decided, and this member may be asked to read it again without knowing. */
  isBlind: boolean;
}

/**
 * What a member may see of a task. Of one that is up for a blind second reading, whoever may be offered it sees what there was before anybody, or the
 * deadline, had decided: reading it they must not know.
 */
export async function seenBy(
  member: string,
  taskId: string,
  records: Pick<RecordStore, 'revisions' | 'queue'>,
): Promise<SeenTask> {
  const [revisions, entry] = await Promise.all([records.revisions(taskId), records.queue.find(taskId)]);
  const isBlind = entry?.kind === 'quality' && !entry.readers.includes(member);
  if (!isBlind) return { revisions, entry, isBlind };
  const decided = revisions.findIndex((revision) => !isByMachine(revision));
  return { revisions: decided === -1 ? revisions : revisions.slice(0, decided), entry, isBlind };
}
