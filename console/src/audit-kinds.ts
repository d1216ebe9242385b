import { AUDIT_KINDS, type AuditKind } from '../../src/schema/audit-kinds.js';

const KNOWN: ReadonlySet<string> = new Set(AUDIT_KINDS);

/** Whether the page has a text for it: a newer service may tell of more. */
export const isKnownAuditKind = (kind: string): kind is AuditKind => KNOWN.has(kind);
