/** An id that nobody else chooses; for decisions and the like, which the service applies once for each. */
export function newId(): string {
  // Not crypto.randomUUID, which browsers keep from pages that are served without TLS.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
