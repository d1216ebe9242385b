import { type AuditFormat, auditLines } from '../domain/audit-export.js';
import type { AuditLog } from './audit.js';

/** The lines of an export, with their ends: every row up to the head as it is now, which is the last line. */
export async function* exportAudit(
  log: Pick<AuditLog, 'head' | 'rows'>,
  format: AuditFormat,
): AsyncGenerator<string, void> {
  const { first, row: write, last } = auditLines(format);
  const head = await log.head();
  yield first;
  for await (const row of log.rows()) {
    if (row.sequence > head.sequence) break;
    yield write(row);
  }
  yield last(head);
}
