import { judged } from '../../domain/judged.js';
import { reviewRules, type ReviewRules } from '../../domain/review-rules.js';
import type { AuditKind } from '../../schema/audit-kinds.js';
import type { DecisionView } from '../../schema/console/queue.js';
import type { TaskRequest } from '../../schema/task.js';
import type { Revision } from '../../schema/verdict.js';
import type { AuditEvent } from '../../store/audit.js';
import type { RecordStore } from '../../store/records.js';
import { ConsoleProblem } from './problem.js';

/** A task that is read again, as it was when the machine had decided and nobody else. */
export interface Subject {
  request: TaskRequest;
  /** What the machine had said last. */
  machine: Revision;
  rules: ReviewRules;
}

/** @throws {ConsoleProblem} NotFound where there is no such task, or no verdict of it */
export async function subjectOf(
  records: Pick<RecordStore, 'findTask' | 'revisions'>,
  taskId: string,
): Promise<Subject> {
  const [task, revisions] = await Promise.all([records.findTask(taskId), records.revisions(taskId)]);
  const machine = judged(revisions);
  if (task === null || machine === null) throw new ConsoleProblem('NotFound', 'There is no such task.');
  const rules = reviewRules(task.request.policy, machine.verdict.categories);
  return { request: task.request, machine, rules };
}

/** The answer to a decision that counts: as the first one of its task would be answered. */
export function countedAnswer({ machine, rules }: Subject, suggestion: 'pass' | 'block'): DecisionView {
  const { revision, verdict } = machine;
  return rules.reading === 'one'
    ? { outcome: 'accepted', revision: revision + 1, suggestion, step: 'decided' }
    : { outcome: 'accepted', revision, suggestion: verdict.suggestion, step: 'waiting' };
}

/** Id of an entry of the audit record about a second reading. */
export function readingEventId(taskId: string, kind: AuditKind, id: string): string {
  return `${taskId}/${kind}/quality/${id}`;
}

/** Whether an entry of the audit record is about a second reading. */
export function isOfReading({ eventId, taskId, kind }: Pick<AuditEvent, 'eventId' | 'taskId' | 'kind'>): boolean {
  return taskId !== null && eventId.startsWith(readingEventId(taskId, kind, ''));
}
