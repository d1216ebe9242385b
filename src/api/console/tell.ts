import { randomUUID } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import type { AuditEvent } from '../../store/audit.js';
import type { ConsoleService } from './service.js';

/** What a handler says of something that happened; the rest is known from its request. */
export type Told = Pick<AuditEvent, 'kind' | 'actor'> &
  Partial<Pick<AuditEvent, 'eventId' | 'project' | 'taskId' | 'detail'>>;

/** Writes down that somebody did something, with the address that it came from. */
export async function tell(
  { records }: Pick<ConsoleService, 'records'>,
  request: FastifyRequest,
  { eventId = randomUUID(), kind, actor, project = null, taskId = null, detail = {} }: Told,
): Promise<void> {
  const at = new Date().toISOString();
  await records.audit.append([{ eventId, kind, at, actor, address: request.ip, project, taskId, detail }]);
}
