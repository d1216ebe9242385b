/** A row of the audit record, as it is exported: all that its digest covers. */
interface ExportedRow {
  sequence: number;
  at: string;
  kind: string;
  actor: string;
  address: string | null;
  project: string | null;
  taskId: string | null;
  detail: Readonly<Record<string, string | number | boolean | null>>;
  eventId: string;
  previous: string;
  digest: string;
}

/** The end of the chain as of the export. */
interface ExportedHead {
  sequence: number;
  digest: string;
}

export const AUDIT_FORMATS = ['jsonl', 'csv'] as const;
export type AuditFormat = (typeof AUDIT_FORMATS)[number];

const COLUMNS = [
  'sequence',
  'at',
  'kind',
  'actor',
  'address',
  'project',
  'taskId',
  'detail',
  'eventId',
  'previous',
  'digest',
] as const satisfies readonly (keyof ExportedRow)[];

/** How an export is written: lines with their ends, the head last, so that an export that was cut off shows it. */
export interface AuditLines {
  first: string;
  row: (row: ExportedRow) => string;
  last: (head: ExportedHead) => string;
}

const JSONL: AuditLines = {
  first: '',
  row: (row) => `${JSON.stringify(Object.fromEntries(COLUMNS.map((column) => [column, row[column]])))}\n`,
  last: (head) => `${JSON.stringify({ head })}\n`,
};

/** RFC 4180; the head is a row of the kind `head`. */
const CSV: AuditLines = {
  first: csvLine(COLUMNS),
  row: (row) => csvLine(COLUMNS.map((column) => (column === 'detail' ? JSON.stringify(row.detail) : row[column]))),
  last: (head) =>
    csvLine(
      COLUMNS.map((column) =>
        column === 'kind' ? 'head' : column in head ? head[column as keyof ExportedHead] : null,
      ),
    ),
};

export function auditLines(format: AuditFormat): AuditLines {
  return format === 'csv' ? CSV : JSONL;
}

function csvLine(cells: readonly (string | number | null)[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

/** What a spreadsheet would take for a formula is written as text. */
function csvCell(value: string | number | null): string {
  if (value === null) return '';
  const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
