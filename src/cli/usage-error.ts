/** Thrown when a command was called wrongly: its message is all that is printed, and the exit code says so. */
export class UsageError extends Error {
  override name = 'UsageError' as const;
}
