import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { addAbortSignal, type Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { errorCode, errorMessage } from '../domain/error-code.js';
import type { SourceLimits } from '../schema/source-config.js';
import type { Fill, Filling } from './cache/source-cache.js';
import {
  SourceChangedError,
  SourceTooLargeError,
  SourceTooSlowError,
  SourceUnavailableError,
  isPermanent,
} from './errors.js';
import { Patience } from './patience.js';

/**
 * Bytes of one exact content, from an offset to the end.
 * @throws {SourceChangedError} when there is another content now, and whatever else `isPermanent`; any other error means that it may be asked again.
 */
export type ReadFrom = (fromByte: number, signal: AbortSignal) => Promise<Bytes>;

/** Bytes on their way. */
export interface Bytes {
  body: Readable;
  /** Where they begin: at what was asked for, or at 0 where ranges are not known. */
  fromByte: number;
}

/** Breaks in a row, without a byte between them, before a transfer is given up. */
const MAX_BREAKS = 4;
/** Wait after the first break, in milliseconds; doubles with each one. */
const FIRST_WAIT_MS = 250;
/** Room asked for at a time for a content that does not say its size, in bytes. */
const STEP_BYTES = 64 * 1024 ** 2;

/** What is being fetched: for messages, and what it may cost. */
export interface Wanted {
  uri: string;
  limits: SourceLimits;
}

/** Fills in what is missing, and goes on after each break where it broke off. */
export function resumable({ uri, limits }: Wanted, sizeBytes: number, readFrom: ReadFrom): Fill {
  return async ({ handle, spentMs }, outer) =>
    inTime({ uri, limits }, spentMs, outer, async (signal) => {
      let at = (await handle.stat()).size;
      await withBreaks(
        uri,
        signal,
        () => at,
        async (patience) => {
          if (at === sizeBytes) return;
          const bytes = await readFrom(at, patience.signal);
          let skip = at - bytes.fromByte;
          await each(bytes.body, patience, async (chunk) => {
            const fresh = chunk.subarray(skip);
            skip = Math.max(0, skip - chunk.length);
            if (at + fresh.length > sizeBytes) throw new SourceChangedError(uri);
            await writeAll(handle, fresh, at);
            at += fresh.length;
          });
          if (at < sizeBytes) throw new Error(`it broke off after ${at} of ${sizeBytes} bytes`);
        },
      );
    });
}

/** What came of reading a whole content. */
export interface Whole {
  sizeBytes: number;
  /** SHA-256, hexadecimal. */
  digest: string;
}

/** Fills in everything anew, for contents that nothing but their digest tells apart: a break begins again at the first byte. */
export async function wholeAtOnce(
  { uri, limits }: Wanted,
  { handle, spentMs, grow }: Filling,
  readAll: (signal: AbortSignal) => Promise<Readable>,
  outer: AbortSignal,
): Promise<Whole> {
  return inTime({ uri, limits }, spentMs, outer, async (signal) => {
    let whole: Whole | undefined;
    let room = STEP_BYTES;
    await withBreaks(
      uri,
      signal,
      () => 0,
      async (patience) => {
        await handle.truncate(0);
        const hash = createHash('sha256');
        let at = 0;
        await each(await readAll(patience.signal), patience, async (chunk) => {
          if (at + chunk.length > limits.maxBytes) throw new SourceTooLargeError(uri, limits.maxBytes, null);
          while (at + chunk.length > room) await grow((room = Math.min(room * 2, limits.maxBytes)));
          await writeAll(handle, chunk, at);
          hash.update(chunk);
          at += chunk.length;
        });
        whole = { sizeBytes: at, digest: hash.digest('hex') };
      },
    );
    if (whole === undefined) throw new SourceUnavailableError(uri, 'it did not come');
    return whole;
  });
}

/** Bytes to ask room for before a content has said its size. */
export const firstRoom = ({ maxBytes }: SourceLimits): number => Math.min(STEP_BYTES, maxBytes);

async function inTime<T>(
  { uri, limits: { maxSeconds } }: Wanted,
  spentMs: number,
  outer: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const stop = new AbortController();
  const onAbort = () => {
    stop.abort(outer.reason);
  };
  outer.addEventListener('abort', onAbort, { once: true });
  if (outer.aborted) onAbort();
  // A timer cannot be longer than 24.8 days; a limit beyond that is none.
  const leftMs = Math.min(Math.max(0, maxSeconds * 1000 - spentMs), 2 ** 31 - 1);
  const timer = setTimeout(() => {
    stop.abort(new SourceTooSlowError(uri, maxSeconds));
  }, leftMs);
  try {
    return await work(stop.signal);
  } finally {
    clearTimeout(timer);
    outer.removeEventListener('abort', onAbort);
  }
}

/** Does it again after a break, unless that is for good or too many came without progress between them. */
async function withBreaks(
  uri: string,
  signal: AbortSignal,
  progress: () => number,
  attempt: (patience: Patience) => Promise<void>,
): Promise<void> {
  let breaks = 0;
  for (let before = progress(); ; before = progress()) {
    const patience = new Patience(signal);
    try {
      await attempt(patience);
      return;
    } catch (error) {
      signal.throwIfAborted();
      const cause: unknown = patience.signal.aborted ? patience.signal.reason : error;
      if (isPermanent(cause) || isLocal(cause)) throw cause;
      breaks = progress() > before ? 0 : breaks + 1;
      if (breaks > MAX_BREAKS) throw unavailable(uri, cause);
    } finally {
      patience.end();
    }
    await sleep(FIRST_WAIT_MS * 2 ** breaks, undefined, { signal }).catch(() => {
      signal.throwIfAborted();
    });
  }
}

function unavailable(uri: string, cause: unknown): SourceUnavailableError {
  return cause instanceof SourceUnavailableError
    ? cause
    : new SourceUnavailableError(uri, errorMessage(cause), { cause });
}

/** Whether the fault lies on this machine, where another transfer meets it again. */
function isLocal(error: unknown): boolean {
  if (error instanceof Error && error.name === 'SourceCacheFullError') return true;
  return ['ENOSPC', 'EDQUOT', 'EFBIG', 'EROFS', 'EIO'].includes(errorCode(error) ?? '');
}

async function each(stream: Readable, patience: Patience, use: (chunk: Uint8Array) => Promise<void>): Promise<void> {
  addAbortSignal(patience.signal, stream);
  // Leaving the loop by an error destroys the stream.
  for await (const chunk of stream) {
    patience.moved();
    await use(chunk as Uint8Array);
  }
}

async function writeAll(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}
