import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import type { LocalSource } from './source.js';

/** Bytes of a content, both ends included. */
export interface ByteRange {
  from: number;
  to: number;
}

/** The bytes of a local source, which is released when the stream closes. */
export async function readLocal(source: LocalSource, { from, to }: ByteRange, signal: AbortSignal): Promise<Readable> {
  try {
    const handle = await open(source.path);
    const stream = handle.createReadStream({ start: from, end: to, signal });
    // The open file is the content now, whatever becomes of its name.
    await source.assertUnchanged().catch((error: unknown) => {
      stream.destroy();
      throw error;
    });
    stream.once('close', () => void source.release());
    return stream;
  } catch (error) {
    await source.release();
    throw error;
  }
}
