import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { userInfo } from 'node:os';
import { resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { openStores } from '../deps.js';
import type { AuditFormat } from '../domain/audit-export.js';
import type { AuditHead, AuditLog } from '../store/audit.js';
import { exportAudit } from '../store/export-audit.js';
import type { CommandContext } from './command.js';
import { EXIT_CODES, type ExitCode } from './exit-codes.js';

export interface AuditExportOptions {
  format: AuditFormat;
  /** Absent: stdout. */
  output?: string;
}

export interface AuditVerifyOptions {
  /** Heads that were written down earlier. */
  head?: AuditHead[];
  /** The outcome as one object. */
  json?: boolean;
}

const written = ({ sequence, digest }: AuditHead): string => `${sequence}:${digest}`;

/** `framewarden audit head`: to be written down where nobody who can change the record can change it. */
export async function auditHead(context: CommandContext): Promise<ExitCode> {
  return await withAudit(context, async (audit) => {
    context.print(`${written(await audit.head())}\n`);
    return EXIT_CODES.pass;
  });
}

/** `framewarden audit verify` */
export async function verifyAudit(
  context: CommandContext,
  { head: heads = [], json = false }: AuditVerifyOptions,
): Promise<ExitCode> {
  return await withAudit(context, async (audit) => {
    const check = await audit.verify(heads);
    if (json) context.print(`${JSON.stringify(check)}\n`);
    if (check.outcome === 'broken') {
      if (!json) context.print(`The record is broken at row ${check.sequence}: ${check.why}.\n`);
      return EXIT_CODES.error;
    }
    const { rows, from, head } = check;
    // The last row that went is still known by its digest.
    for (const early of heads.filter(({ sequence }) => sequence < from - 1))
      context.say(`The head ${written(early)} says nothing any more: rows before ${from} went with the retention.`);
    if (!json) context.print(`The record is whole: ${rows} rows, from ${from} on. Its head is ${written(head)}\n`);
    return EXIT_CODES.pass;
  });
}

/** `framewarden audit export`: of every project, oldest first; that it was exported is part of it. */
export async function exportRecord(context: CommandContext, { format, output }: AuditExportOptions): Promise<ExitCode> {
  return await withAudit(context, async (audit) => {
    await audit.append([
      {
        eventId: randomUUID(),
        kind: 'exported',
        at: new Date().toISOString(),
        actor: `cli:${userInfo().username}`,
        address: null,
        project: null,
        taskId: null,
        detail: { format },
      },
    ]);
    const lines = exportAudit(audit, format);
    if (output === undefined) for await (const line of lines) context.print(line);
    else await pipeline(Readable.from(lines), createWriteStream(resolve(context.cwd, output), { flags: 'wx' }));
    return EXIT_CODES.pass;
  });
}

async function withAudit<T>({ config }: CommandContext, use: (audit: AuditLog) => Promise<T>): Promise<T> {
  const { records } = await openStores(config);
  try {
    return await use(records.audit);
  } finally {
    await records.close();
  }
}
