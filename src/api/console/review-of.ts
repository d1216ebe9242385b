import { judged } from '../../domain/judged.js';
import { reviewRules } from '../../domain/review-rules.js';
import { includesRole } from '../../auth/console/rights.js';
import type { TaskView } from '../../schema/console/task.js';
import type { Member } from '../../schema/member.js';
import type { ReviewView } from '../../schema/review.js';
import type { TaskRecord } from '../../store/records.js';
import type { SeenTask } from './seen-task.js';

/** Where the review of a task stands, as the queue shows it; of a blind second reading, as if nobody had read it. */
export function reviewOf({ request, status }: TaskRecord, { revisions, entry, isBlind }: SeenTask): ReviewView {
  const latest = revisions.at(-1) ?? null;
  const { reading: rule } = reviewRules(request.policy, judged(revisions)?.verdict.categories ?? []);
  const closed = { level: 'reviewer' as const, rule, claim: null, readers: [], openedAt: null, dueAt: null };
  if (entry !== null) {
    const { step, level, claim, readers, notes, openedAt, dueAt } = entry;
    const told = notes !== undefined && { notes };
    return { step, level, rule, claim, readers: isBlind ? [] : readers, ...told, openedAt, dueAt };
  }
  if (latest === null) return { ...closed, step: status === 'Running' ? 'not yet' : 'none' };
  if (latest.origin === 'person' || latest.origin === 'appeal') return { ...closed, step: 'decided' };
  if (latest.origin === 'deadline' || latest.verdict.suggestion === 'review') return { ...closed, step: 'expired' };
  return { ...closed, step: 'none' };
}

/** What a member may do with a task now. */
export function rightsOf(
  member: Pick<Member, 'name' | 'role'>,
  { status }: TaskRecord,
  { revisions, entry }: SeenTask,
): TaskView['may'] {
  const isLead = includesRole(member.role, 'lead');
  const mayRead = entry !== null && !entry.readers.includes(member.name) && (entry.level === 'reviewer' || isLead);
  const isMine = entry?.claim?.reviewer === member.name;
  return {
    claim: mayRead && (entry.step === 'waiting' || isMine),
    decide: mayRead && isMine,
    escalate: mayRead && isMine && entry.level === 'reviewer',
    appeal: isLead && status !== 'Running' && entry === null && revisions.length > 0,
    steer: isLead && (status === 'Running' || entry !== null),
  };
}
