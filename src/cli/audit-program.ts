import { type Command, InvalidArgumentError, Option } from 'commander';
import { AUDIT_FORMATS } from '../domain/audit-export.js';
import type { AuditHead } from '../store/audit.js';
import type { AuditExportOptions, AuditVerifyOptions } from './audit.js';

/** What the command line can ask for about the record of who did what. */
export interface AuditCommands {
  auditHead(): Promise<void>;
  auditVerify(options: AuditVerifyOptions): Promise<void>;
  auditExport(options: AuditExportOptions): Promise<void>;
}

const HELP = `
Every row of the record is bound to the one before it, so that a row that was changed or removed is found. Write heads down elsewhere:
who cuts the end of the record off is found out by an earlier head alone. docs/audit.md tells more.`;

/** `framewarden audit …` */
export function addAudit(program: Command, commands: AuditCommands): void {
  const audit = program
    .command('audit')
    .description('look after the record of who did what in reviews')
    .addHelpText('after', HELP);
  audit
    .command('verify')
    .description('find out whether a row was changed or removed; ends with 1 when one was')
    .addOption(
      new Option('--head <sequence:digest...>', 'earlier heads, which must still be part of it').argParser(addHead),
    )
    .option('--json', 'as one object')
    .action((options: AuditVerifyOptions) => commands.auditVerify(options));
  audit
    .command('export')
    .description('write all of it down, the oldest first, the head last')
    .addOption(new Option('--format <format>', 'how').choices(AUDIT_FORMATS).default('jsonl'))
    .option('--output <file>', 'a new file (default: stdout)')
    .action((options: AuditExportOptions) => commands.auditExport(options));
  audit
    .command('head')
    .description('print the number and digest of the latest row')
    .action(() => commands.auditHead());
}

function addHead(text: string, heads: AuditHead[] | undefined): AuditHead[] {
  const [, sequence, digest] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text) ?? [];
  if (sequence === undefined || digest === undefined)
    throw new InvalidArgumentError(`Expected a head as framewarden audit head prints it, got ${text}.`);
  return [...(heads ?? []), { sequence: Number(sequence), digest }];
}
