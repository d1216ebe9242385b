import type { HistoryEntry } from '../../schema/console/task.js';
import type { AuditKind } from '../../schema/audit-kinds.js';
import { isOfReading } from './quality-subject.js';
import type { SeenTask } from './seen-task.js';
import type { ConsoleService } from './service.js';

/** Of a task's events those that its readers may know: that somebody read it, and never what they said. */
const TOLD: readonly AuditKind[] = [
  'task-claimed',
  'task-released',
  'task-read',
  'decision-withdrawn',
  'task-escalated',
  'task-reminded',
  'appeal-opened',
  'task-cancelled',
  'task-paused',
  'task-resumed',
  'task-prioritised',
];

const MOST_EVENTS = 200;

/**
 * Revisions of a task and what was done with it, oldest first; of a blind second reading only what the machine said, and what was done since it is up for that: of a
 * task that nobody has decided who holds it is told as well.
 */
export async function historyOf(
  { records }: Pick<ConsoleService, 'records'>,
  taskId: string,
  { revisions, entry, isBlind }: SeenTask,
): Promise<HistoryEntry[]> {
  const told = await records.audit.page({ taskId, kinds: TOLD, limit: MOST_EVENTS });
  const events = isBlind ? told.filter((event) => isOfReading(event) && event.at >= (entry?.openedAt ?? '')) : told;
  return [
    ...revisions.map(({ recordedAt, revision, origin, reviewer, verdict }): HistoryEntry => ({
      at: recordedAt,
      kind: 'revision',
      revision,
      origin,
      suggestion: verdict.suggestion,
      actor: reviewer,
      text: verdict.reasons.join(' '),
    })),
    ...events.map(({ at, kind, actor }): HistoryEntry => ({
      at,
      kind: 'event',
      revision: null,
      origin: null,
      suggestion: null,
      actor,
      text: kind,
    })),
  ].sort((a, b) => Date.parse(a.at) - Date.parse(b.at) || (a.revision ?? 0) - (b.revision ?? 0));
}
