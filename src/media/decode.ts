import type { Frame } from '../schema/frame.js';
import { decodePass, type DecodedSegment, type DecodeRequest, type DecodeSummary } from './decode-pass.js';
import { DecodingStoppedError, SparseDecodeError } from './errors.js';
import { sparseInput, type SparseFrames, type SparseInput } from './sparse-input.js';

/**
 * Decodes the samples of one segment with one ffmpeg process, which starts at once. In sampling mode `fast` it is given only the packets needed where
 * that is known to give the same frames; should it not after all, a second process decodes the rest in full.
 */
export function decodeSegment(request: DecodeRequest, { signal }: { signal: AbortSignal }): DecodedSegment {
  const stopped = new AbortController();
  const together = AbortSignal.any([signal, stopped.signal]);
  const first = begin(request, together);
  // Met where it is waited for.
  first.catch(() => undefined);
  const ends: { resolve: (summary: DecodeSummary) => void; reject: (reason: unknown) => void }[] = [];
  const digests = new Promise<DecodeSummary>((resolve, reject) => ends.push({ resolve, reject }));
  // Who leaves the loop early never asks for the digests.
  digests.catch(() => undefined);
  const [end] = ends;

  async function* deliver(): AsyncGenerator<Frame, void, undefined> {
    let next = request.from;
    try {
      for (let pass = await first; ; pass = decode({ ...request, from: next }, null, together)) {
        try {
          for await (const frame of pass.frames) {
            next = frame.sample + 1;
            yield frame;
          }
          end?.resolve(await pass.digests);
          return;
        } catch (error) {
          if (!(error instanceof SparseDecodeError)) throw error;
        }
      }
    } catch (error) {
      end?.reject(error);
      throw error;
    } finally {
      stopped.abort(new DecodingStoppedError());
      end?.reject(stopped.signal.reason);
    }
  }
  return { frames: deliver(), digests };
}

async function begin(request: DecodeRequest, signal: AbortSignal): Promise<DecodedSegment> {
  signal.throwIfAborted();
  // Whoever watches every picture has them all decoded.
  const sparse = request.watch === true ? null : await sparseInput(request, signal);
  return sparse === null ? decode(request, null, signal) : tidied(decode(request, sparse.frames, signal), sparse);
}

function decode(request: DecodeRequest, sparse: SparseFrames | null, signal: AbortSignal): DecodedSegment {
  const { decodeThread, ...tools } = request.tools;
  const there = { ...request, tools };
  return decodeThread === undefined ? decodePass(there, sparse, signal) : decodeThread.decode(there, sparse, signal);
}

/** The same pass; what was made for it is removed at its end, and a file that is not what it seemed is remembered. */
function tidied(pass: DecodedSegment, sparse: SparseInput): DecodedSegment {
  const digests = pass.digests.finally(() => sparse.remove());
  digests.catch(() => undefined);
  async function* deliver(): AsyncGenerator<Frame, void, undefined> {
    try {
      yield* pass.frames;
    } catch (error) {
      if (error instanceof SparseDecodeError) sparse.mistrust();
      await digests.catch(() => undefined);
      throw error;
    }
  }
  return { frames: deliver(), digests };
}
