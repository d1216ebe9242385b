import { z } from 'zod';

/** `GET /audit` (lead): newest first. Answers {@link AuditView}. */
export const AuditFilter = z.strictObject({
  actor: z.string().max(128).optional(),
  kind: z.string().max(64).optional(),
  taskId: z.string().max(128).optional(),
  before: z.coerce.number().int().min(1).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});
export type AuditFilter = z.infer<typeof AuditFilter>;

export interface AuditView {
  rows: {
    sequence: number;
    at: string;
    kind: string;
    actor: string;
    address: string | null;
    project: string | null;
    taskId: string | null;
    detail: Record<string, string | number | boolean | null>;
    digest: string;
  }[];
  head: { sequence: number; digest: string };
}

/** `GET /audit/export?format=` (admin): `jsonl` or `csv`, as a download; every export contains the head. `GET /audit/check` (lead) answers `AuditCheck`. */
export const AuditExport = z.strictObject({ format: z.enum(['jsonl', 'csv']) });
