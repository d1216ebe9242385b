import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import type { z } from 'zod';
import type { AuditFormat } from '../../domain/audit-export.js';
import { AuditExport, AuditFilter, type AuditView } from '../../schema/console/audit.js';
import type { AuditCheck } from '../../store/audit.js';
import { AUDIT_KINDS } from '../../schema/audit-kinds.js';
import { exportAudit } from '../../store/export-audit.js';
import { projectsOf, signedIn } from './guard.js';
import { ConsoleProblem } from './problem.js';
import { read } from './read.js';
import type { ConsoleService } from './service.js';
import { tell } from './tell.js';

const TYPES: Readonly<Record<AuditFormat, string>> = {
  jsonl: 'application/jsonl; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
};

/** Lines are handed on together, in bytes. */
const PIECE_BYTES = 64 * 1024;

/** The record of who did what. */
export function audit(app: FastifyInstance, console: ConsoleService): void {
  const { audit: log } = console.records;

  app.get('/audit', { config: { access: 'lead' } }, async (request): Promise<AuditView> => {
    const { kind, limit, ...filter } = read(AuditFilter, request.query);
    const known = AUDIT_KINDS.find((each) => each === kind);
    if (kind !== undefined && known === undefined)
      throw new ConsoleProblem('InvalidRequest', `kind: expected one of ${AUDIT_KINDS.join(', ')}.`);
    const [head, rows] = await Promise.all([
      log.head(),
      log.page({
        ...given(filter),
        ...(known !== undefined && { kinds: [known] }),
        projects: projectsOf(request),
        limit,
      }),
    ]);
    return {
      head,
      rows: rows.map(({ sequence, at, kind: what, actor, address, project, taskId, detail, digest }) => ({
        sequence,
        at,
        kind: what,
        actor,
        address,
        project,
        taskId,
        detail,
        digest,
      })),
    };
  });

  app.get('/audit/check', { config: { access: 'lead' } }, (): Promise<AuditCheck> => log.verify());

  app.get('/audit/export', { config: { access: 'admin' } }, async (request, reply) => {
    const { format } = read(AuditExport, request.query);
    if (projectsOf(request) !== null)
      throw new ConsoleProblem('Forbidden', 'Expected rights on every project: the record is of all of them.');
    await tell(console, request, { kind: 'exported', actor: signedIn(request).member.name, detail: { format } });
    return reply
      .type(TYPES[format])
      .header('content-disposition', `attachment; filename="framewarden-audit.${format}"`)
      .send(Readable.from(pieces(exportAudit(log, format)), { objectMode: false }));
  });
}

/** What a filter names, and nothing of what it leaves open. */
function given({ actor, taskId, before }: Pick<z.infer<typeof AuditFilter>, 'actor' | 'taskId' | 'before'>) {
  return {
    ...(actor !== undefined && { actor }),
    ...(taskId !== undefined && { taskId }),
    ...(before !== undefined && { before }),
  };
}

async function* pieces(given: AsyncIterable<string>): AsyncGenerator<string> {
  let piece = '';
  for await (const line of given) {
    piece += line;
    if (piece.length < PIECE_BYTES) continue;
    yield piece;
    piece = '';
  }
  yield piece;
}
