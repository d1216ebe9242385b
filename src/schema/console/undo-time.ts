/** How long the page lets a decision be taken back, in milliseconds. */
export const UNDO_MS = 10_000;
