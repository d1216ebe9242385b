import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';

/** Of a whole file, hexadecimal. */
export interface FileDigests {
  sha256: string;
  md5: string;
}

/** Digests of a file, read once and in pieces. Rejects with the file system's error, or the signal's reason. */
export async function digestFile(path: string, signal: AbortSignal): Promise<FileDigests> {
  const sha256 = createHash('sha256');
  const md5 = createHash('md5');
  for await (const piece of createReadStream(path, { highWaterMark: 2 ** 20, signal }) as AsyncIterable<Buffer>) {
    signal.throwIfAborted();
    sha256.update(piece);
    md5.update(piece);
  }
  return { sha256: sha256.digest('hex'), md5: md5.digest('hex') };
}
