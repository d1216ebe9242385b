import { basename } from 'node:path';

/** What a source is called in one line: the file's name, without its place. Keys of objects are shown as they are, addresses without what may be a secret. */
export function sourceName(uri: string): string {
  if (/^(oss|s3):/.test(uri)) return basename(uri) || uri;
  try {
    return basename(decodeURIComponent(new URL(uri).pathname)) || uri;
  } catch {
    // Not a URL, or not one whose escapes are UTF-8.
    return uri;
  }
}
