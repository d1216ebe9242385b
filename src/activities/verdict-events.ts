import { blockedScenes } from '../domain/review.js';
import type { ReadingKind, ReviewDecision } from '../schema/review.js';
import type { TaskRequest } from '../schema/task.js';
import type { Revision, Verdict } from '../schema/verdict.js';
import type { AuditEvent } from '../store/audit.js';

/** The entry of the audit record about a person's decision: upon what, and what they said, but not in whose words. */
export function readEvent(
  { taskId, projectName: project }: TaskRequest,
  decision: ReviewDecision,
  { machine, kind, readAt }: { machine: Verdict; kind: ReadingKind; readAt: string },
): AuditEvent {
  const { decisionId, reviewer, suggestion, reasonCode = null, spans = [], sender } = decision;
  return {
    eventId: `${taskId}/task-read/${decisionId}`,
    kind: 'task-read',
    at: readAt,
    actor: sender?.actor ?? reviewer,
    address: sender?.address ?? null,
    project,
    taskId,
    detail: {
      decisionId,
      reviewer,
      reading: kind,
      machine: machine.suggestion,
      suggestion,
      blocked: blockedScenes(decision, machine.categories).join(' '),
      spans: spans.length,
      reasonCode,
      ...digestsOf(machine),
    },
  };
}

/** The entry of the audit record about a revision. */
export function verdictEvent(
  { taskId, projectName: project }: Pick<TaskRequest, 'taskId' | 'projectName'>,
  { revision, origin, verdict, recordedAt, reviewer, decisionId }: Revision,
): AuditEvent {
  return {
    eventId: `${taskId}/verdict-recorded/${revision}`,
    kind: 'verdict-recorded',
    at: recordedAt,
    actor: reviewer ?? 'system',
    address: null,
    project,
    taskId,
    detail: {
      revision,
      origin,
      suggestion: verdict.suggestion,
      categories: verdict.categories.join(' '),
      decisionId,
      ...digestsOf(verdict),
    },
  };
}

/** By which policy and by which models a verdict came about. */
function digestsOf({ policyDigest, detectors }: Verdict): Record<'policy' | 'models', string> {
  return {
    policy: policyDigest,
    models: [...new Set(detectors.map(({ name, digest }) => `${name}:${digest}`))].join(' '),
  };
}
