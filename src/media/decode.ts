import type { Frame } from '../schema/frame.js';
import type { SamplingMode } from '../schema/options.js';
import type { SamplePlan, Segment } from '../schema/plan.js';
import type { VideoInfo } from '../schema/video.js';
import { decodeArgs } from './decode-args.js';
import { DecodeLog } from './decode-log.js';
import { UnsafeSegmentError } from './errors.js';
import { runFfmpeg } from './ffmpeg.js';
import { hasFilter } from './ffmpeg-features.js';
import { frameBytes, frameConversion, isHdr, type FrameConversion } from './frame-format.js';
import { FrameRing, type FilledSlot } from './frame-ring.js';
import type { MediaTools } from './tools.js';

/** What to decode. */
export interface DecodeRequest {
  /** Local file. */
  path: string;
  video: VideoInfo;
  plan: SamplePlan;
  segment: Segment;
  sampling: SamplingMode;
  /** First sample to deliver, `segment.from` ≤ from ≤ `segment.to`: a resumed attempt skips what is classified already. */
  from: number;
  /** Decoder threads; default 1 for a segment that is sought, else all cores. */
  threads?: number;
  /** Seconds without a sign of progress after which ffmpeg is given up; default 60. Time spent waiting for frames to be released does not count. */
  stallS?: number;
  tools: MediaTools;
}

/** What is known when a segment was decoded to its end. */
export interface DecodeSummary {
  /** Digest of the first pictures at the segment's start; `null` when it starts at the beginning of the file. */
  startDigest: string | null;
  /** Digest of the pictures at `nextStartPts` as decoded from here; `null` when there is no next segment. */
  nextDigest: string | null;
  /** Errors that the decoder reported; only ever > 0 in a pass from the beginning. */
  decodeErrors: number;
}

export interface DecodedSegment {
  /**
   * The frames of the samples [from, to) in their order, full size. At most a few are out at a time: the decoder waits until some are released.
   * Leaving the loop early ends the decoder. Throws UnsafeSegmentError, FfmpegError, FfmpegStalledError, or the signal's reason.
   */
  frames: AsyncIterable<Frame>;
  /** Settles after the last frame; rejects with what `frames` throws. */
  digests: Promise<DecodeSummary>;
}

/** Thrown by `digests` when the consumer of the frames left before their end. */
export class DecodingStoppedError extends Error {
  override name = 'DecodingStoppedError' as const;

  constructor() {
    super(
      'Decoding was stopped before its end because no more frames were wanted. Read the frames to their end to have digests.',
    );
  }
}

/** Decodes the samples of one segment with one ffmpeg process, which starts at once. */
export function decodeSegment(request: DecodeRequest, { signal }: { signal: AbortSignal }): DecodedSegment {
  const stopped = new AbortController();
  const log = new DecodeLog();
  const prepared = prepare(request);
  const digests = prepared.then((ready) =>
    run(request, ready, log, AbortSignal.any([signal, stopped.signal]), stopped),
  );
  // Who leaves the loop early never asks for the digests.
  digests.catch(() => undefined);
  const frames = deliver(request, prepared, log, digests, stopped);
  return { frames, digests };
}

/** Where the frames of one run go, and what becomes of pictures on the way. */
interface Prepared {
  ring: FrameRing;
  conversion: FrameConversion;
}

async function prepare({ video, tools }: DecodeRequest): Promise<Prepared> {
  const conversion = frameConversion(video, isHdr(video) && (await hasFilter(tools, 'zscale')));
  return { conversion, ring: new FrameRing(frameBytes(conversion.format, video.widthPx, video.heightPx)) };
}

async function run(
  request: DecodeRequest,
  { ring, conversion }: Prepared,
  log: DecodeLog,
  signal: AbortSignal,
  stopped: AbortController,
): Promise<DecodeSummary> {
  const { segment, plan, tools, path, stallS } = request;
  const sought = segment.startPts !== null;
  const args = decodeArgs({
    ...request,
    threads: request.threads ?? (sought ? 1 : 0),
    frameFilters: conversion.filters,
  });
  const onLine = (line: string): void => {
    const error = log.add(line);
    if (sought && error !== null) stopped.abort(new UnsafeSegmentError(segment.index, error));
  };
  const discard = (): void => {
    ring.discard();
  };
  signal.addEventListener('abort', discard);
  try {
    const { errorCount } = await runFfmpeg(
      { ...args, path, target: ring },
      {
        tools,
        signal,
        onLine,
        isHeldUp: () => ring.isHeldUp,
        // The times of key frames are told at this level.
        logLevel: plan.kind === 'keyframe' ? 'info' : 'error',
        ...(stallS === undefined ? {} : { stallS }),
      },
    );
    return { ...log.digests(segment), decodeErrors: errorCount };
  } catch (error) {
    ring.discard();
    throw error;
  } finally {
    signal.removeEventListener('abort', discard);
    log.close();
  }
}

async function* deliver(
  request: DecodeRequest,
  prepared: Promise<Prepared>,
  log: DecodeLog,
  digests: Promise<DecodeSummary>,
  stopped: AbortController,
): AsyncGenerator<Frame, void, undefined> {
  try {
    const { ring, conversion } = await prepared;
    for (let slot = await ring.next(); slot !== null; slot = await ring.next()) {
      const sample = await sampleOf(request, slot.index, log);
      if (sample === null) slot.release();
      else yield frameOf(request, slot, sample, conversion);
    }
    await digests;
  } finally {
    stopped.abort(new DecodingStoppedError());
  }
}

/** Which sample the n-th frame of a run is; `null` for one that was not asked for. */
async function sampleOf({ video, plan, from }: DecodeRequest, index: number, log: DecodeLog): Promise<number | null> {
  if (plan.kind === 'grid') return from + index;
  const pts = await log.shownPts(index);
  const sample = pts === null ? -1 : plan.pts.indexOf(pts - video.firstPts);
  return sample === -1 ? null : sample;
}

function frameOf({ video }: DecodeRequest, slot: FilledSlot, sample: number, conversion: FrameConversion): Frame {
  const { widthPx, heightPx } = video;
  const { format, colour } = conversion;
  return {
    sample,
    widthPx,
    heightPx,
    format,
    colour,
    data: slot.data,
    release: () => {
      slot.release();
    },
  };
}
