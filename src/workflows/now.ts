/** Milliseconds since 1970, as the history has them: the same whenever it is replayed. */
export function nowMs(): number {
  return new Date().getTime();
}
