/** Milliseconds since 1970. */
export type Instant = number;

/** A value as JSON text. */
export type Json = string;
