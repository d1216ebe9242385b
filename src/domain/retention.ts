/** How long what has ended is kept, in milliseconds: as long as IMM keeps results, and as Temporal is told to keep histories. */
export const RETENTION_MS = 7 * 24 * 3_600_000;

/** How long it is kept who did what and what people decided, in milliseconds: a year, and time to look back on it. */
export const AUDIT_RETENTION_MS = 400 * 24 * 3_600_000;
