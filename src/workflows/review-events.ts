import type { Sender } from '../schema/review.js';
import type { AuditKind } from '../schema/audit-kinds.js';
import type { AuditEvent } from '../store/audit.js';
import type { TaskRequest } from '../schema/task.js';

/** Who did something, as far as is known. */
export interface Doer {
  reviewer: string;
  sender?: Sender | undefined;
}

/** Nobody did it: time, or a policy. */
export const SYSTEM: Doer = { reviewer: 'system' };

/**
 * An entry of the audit record about a task, with the time of the workflow.
 * @param id identifies it among those of its kind and task, so that one told twice is one
 */
export function eventOf(
  { taskId, projectName }: TaskRequest,
  kind: AuditKind,
  id: string,
  { reviewer, sender }: Doer,
  detail: AuditEvent['detail'] = {},
): AuditEvent {
  return {
    eventId: `${taskId}/${kind}/${id}`,
    kind,
    at: new Date().toISOString(),
    actor: sender?.actor ?? reviewer,
    address: sender?.address ?? null,
    project: projectName,
    taskId,
    detail,
  };
}
