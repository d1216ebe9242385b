/** The last part of a source's address, as people know it; the whole where there is none. */
export function sourceName(uri: string): string {
  const path = uri.replace(/[?#].*$/, '').replace(/\/+$/, '');
  const last = path.slice(path.lastIndexOf('/') + 1);
  try {
    return decodeURIComponent(last) || uri;
  } catch {
    // A percent sign that is only a percent sign.
    return last;
  }
}
