import type { Frame } from '../schema/frame.js';
import type { SamplingMode } from '../schema/options.js';
import type { SamplePlan, Segment } from '../schema/plan.js';
import type { VideoInfo } from '../schema/video.js';
import type { WatchedPictures } from '../schema/watched.js';
import { decodeArgs } from './decode-args.js';
import { DecodeLog } from './decode-log.js';
import { DecodingStoppedError, SparseDecodeError, UnsafeSegmentError } from './errors.js';
import { FfmpegError } from './ffmpeg-errors.js';
import { runFfmpeg } from './ffmpeg.js';
import { hasFilter } from './ffmpeg-features.js';
import { frameBytes, frameConversion, isHdr, type FrameConversion } from './frame-format.js';
import { FrameRing, type FilledSlot } from './frame-ring.js';
import type { SparseFrames } from './sparse-input.js';
import type { MediaTools } from './tools.js';
import { assertCanWatch } from './watch-filters.js';
import { WatchLog } from './watch-log.js';

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
  /** Whether to measure every picture of the segment as well; it is decoded in full then, whatever the sampling mode. Default: no. */
  watch?: boolean;
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
  /** Every picture of the segment, whatever sample was decoded from; `null` unless asked for. */
  watched: WatchedPictures | null;
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

/**
 * Decodes with one ffmpeg process, which starts at once.
 * The frames of a sparse input throw SparseDecodeError at the first one that is not sure to be what decoding in full would give.
 */
export function decodePass(request: DecodeRequest, sparse: SparseFrames | null, signal: AbortSignal): DecodedSegment {
  const stopped = new AbortController();
  const pass: Pass = { request, sparse, log: new DecodeLog(), stopped };
  const prepared = prepare(request);
  const digests = prepared.then((ready) => run(pass, ready, AbortSignal.any([signal, stopped.signal])));
  // Who leaves the loop early never asks for the digests.
  digests.catch(() => undefined);
  return { frames: deliver(pass, prepared, digests), digests };
}

/** What is missing in a picture, a decoder takes from whichever was decoded before, and it calls that no error. */
const CONCEALED = /concealing \d+ .*/;

/** What one run of ffmpeg is about. */
interface Pass {
  request: DecodeRequest;
  sparse: SparseFrames | null;
  log: DecodeLog;
  /** Ends the run for a reason found on the way. */
  stopped: AbortController;
}

/** Where the frames of one run go, and what becomes of pictures on the way. */
interface Prepared {
  ring: FrameRing;
  conversion: FrameConversion;
}

async function prepare({ video, tools, watch }: DecodeRequest): Promise<Prepared> {
  if (watch === true) await assertCanWatch(tools);
  const conversion = frameConversion(video, isHdr(video) && (await hasFilter(tools, 'zscale')));
  return { conversion, ring: new FrameRing(frameBytes(conversion.format, video.widthPx, video.heightPx)) };
}

async function run(
  { request, sparse, log, stopped }: Pass,
  { ring, conversion }: Prepared,
  signal: AbortSignal,
): Promise<DecodeSummary> {
  const { segment, plan, tools, path, stallS } = request;
  const sought = segment.startPts !== null;
  const args = decodeArgs({ ...request, frameFilters: conversion.filters, sparse });
  const watched = request.watch === true ? new WatchLog(request.video) : null;
  const onLine = (line: string): void => {
    const error = log.add(line);
    if (sparse !== null) {
      const found = error ?? CONCEALED.exec(line)?.[0];
      if (found !== undefined) stopped.abort(new SparseDecodeError(found));
    } else if (sought && error !== null) stopped.abort(new UnsafeSegmentError(segment.index, error));
  };
  const discard = (): void => {
    ring.discard();
  };
  signal.addEventListener('abort', discard);
  try {
    const { errorCount } = await runFfmpeg(
      { ...args, path, target: ring, ...(sparse === null ? {} : { front: sparse.front }) },
      {
        tools,
        signal,
        onLine,
        ...(watched === null ? {} : { isData: (line: string) => watched.add(line) }),
        isReaderAlive: () => ring.isAlive(),
        // The times of pictures are told at this level.
        logLevel: plan.kind === 'keyframe' || sparse !== null ? 'info' : 'error',
        ...(stallS === undefined ? {} : { stallS }),
      },
    );
    return { ...log.digests(segment), decodeErrors: errorCount, watched: watched?.pictures ?? null };
  } catch (error) {
    ring.discard();
    const refused = sparse !== null && error instanceof FfmpegError && error.exitCode !== null;
    throw refused ? new SparseDecodeError(error.message) : error;
  } finally {
    signal.removeEventListener('abort', discard);
    log.close();
  }
}

async function* deliver(
  pass: Pass,
  prepared: Promise<Prepared>,
  digests: Promise<DecodeSummary>,
): AsyncGenerator<Frame, void, undefined> {
  const { request, sparse } = pass;
  let count = 0;
  try {
    const { ring, conversion } = await prepared;
    for (let slot = await ring.next(); slot !== null; slot = await ring.next(), count++) {
      const sample = await sampleOf(pass, slot.index, digests);
      if (sample === null) slot.release();
      else yield frameOf(request, slot, sample, conversion);
    }
    await digests;
    if (sparse !== null && count < sparse.shown.length) {
      throw new SparseDecodeError(`${count} frames came of ${sparse.shown.length}`);
    }
  } finally {
    pass.stopped.abort(new DecodingStoppedError());
  }
}

/** Which sample the n-th frame of a run is; `null` for one that was not asked for. */
async function sampleOf(
  { request: { video, plan, from }, sparse, log }: Pass,
  index: number,
  digests: Promise<DecodeSummary>,
): Promise<number | null> {
  if (plan.kind === 'keyframe') {
    const pts = await log.shownPts(index);
    const sample = pts === null ? -1 : plan.pts.indexOf(pts - video.firstPts);
    return sample === -1 ? null : sample;
  }
  if (sparse !== null) {
    const expected = sparse.shown[index] ?? NaN;
    // Errors stand before the time of a picture that they spoil: it is not delivered.
    const pts = await log.shownPts(sparse.pictures.indexOf(expected));
    if (pts === null) await digests;
    if (pts === null || pts + sparse.shiftPts !== expected) {
      throw new SparseDecodeError(`the picture at ${expected} ticks did not come in its turn`);
    }
  }
  return from + index;
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
