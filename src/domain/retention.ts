/** How long what has ended is kept, in milliseconds: as long as IMM keeps results, and as Temporal is told to keep histories. */
export const RETENTION_MS = 7 * 24 * 3_600_000;
