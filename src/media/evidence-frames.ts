import { runsFromKeyFrames, runsFromSegments, type EvidenceRun, type WantedSample } from '../domain/evidence-runs.js';
import type { ClassifiedVideo } from './classified-video.js';
import { decodeSegment } from './decode.js';
import { UnsafeSegmentError } from './errors.js';
import { FfmpegError } from './ffmpeg-errors.js';
import { frameToJpeg, type Jpeg } from './image.js';
import { pictureDigest } from './picture-digest.js';

/** The frame of one sample. */
export interface SampleJpeg extends Jpeg {
  sample: number;
  /** Where its decoder began, which the frame proves to be a safe start: key frame in ticks after the first frame, `null`: the beginning. */
  startPts: number | null;
}

/** What frames are taken with. */
export interface TakeFramesOptions {
  signal: AbortSignal;
  /** Digests of the pictures that the samples were classified by, as far as they are known. */
  pictures?: ReadonlyMap<number, string>;
}

/** Decoders at work at once: two end a video's evidence in little more than half the time, and leave cores to other tasks on larger machines. */
const AT_ONCE = 2;

/**
 * The frames of these samples, ascending, as JPEG of at most 1280 px: the very same pictures that were classified. They are decoded from the key
 * frames before them where that gives equal pictures, and otherwise as they were for classifying, from the proven starts of segments.
 */
export async function takeFrames(
  classified: ClassifiedVideo,
  wanted: readonly WantedSample[],
  { signal, pictures = new Map() }: TakeFramesOptions,
): Promise<SampleJpeg[]> {
  const { video, plan, segments } = classified;
  const taken = new Map<number, SampleJpeg>();
  const take = async (run: EvidenceRun, as: TakeFramesOptions): Promise<boolean> => {
    for await (const jpeg of framesOf(classified, run, as)) taken.set(jpeg.sample, jpeg);
    return run.samples.every((sample) => taken.has(sample));
  };
  const ascending = [...wanted].sort((a, b) => a.sample - b.sample);
  const known = canSeek(classified) ? ascending.filter(({ sample }) => pictures.has(sample)) : [];
  await inTurns(
    runsFromKeyFrames(video, plan, known),
    // One start that is not right makes all others doubtful, and trying them costs time.
    async (run, together) => (await orNothing(take(run, { signal: together, pictures }))) === true,
    signal,
  );
  const left = ascending.map(({ sample }) => sample).filter((sample) => !taken.has(sample));
  await inTurns(
    runsFromSegments(segments, left),
    async (run, together) => {
      await take(run, { signal: together });
      return true;
    },
    signal,
  );
  return [...taken.values()].sort((a, b) => a.sample - b.sample);
}

/** Where classifying did not seek there is a reason for it. */
function canSeek({ video }: ClassifiedVideo): boolean {
  return video.timeline === 'source' && !video.damaged;
}

/** The frames of a run up to the first one that is not the picture known. */
async function* framesOf(
  classified: ClassifiedVideo,
  { samples, startPts }: EvidenceRun,
  { signal, pictures }: TakeFramesOptions,
): AsyncGenerator<SampleJpeg, void, undefined> {
  const [from, last] = [samples[0] ?? 0, samples.at(-1) ?? 0];
  // Nothing behind the last one is of interest.
  const segment = { index: 0, from, to: last + 1, startPts, nextStartPts: null };
  const { frames } = decodeSegment({ ...classified, segment, from }, { signal });
  for await (const frame of frames) {
    const { sample } = frame;
    try {
      if (!samples.includes(sample)) continue;
      const known = pictures?.get(sample);
      if (known !== undefined && known !== pictureDigest(frame)) return;
      yield { sample, startPts, ...(await frameToJpeg(frame)) };
    } finally {
      frame.release();
    }
  }
}

/** Decoders fail at starts that are not right; `null` then. */
async function orNothing(work: Promise<boolean>): Promise<boolean | null> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof UnsafeSegmentError || error instanceof FfmpegError) return null;
    throw error;
  }
}

/** Works through the list, a few at once, until it is through or one answers that going on makes no sense. */
async function inTurns<T>(
  list: readonly T[],
  work: (item: T, signal: AbortSignal) => Promise<boolean>,
  signal: AbortSignal,
): Promise<void> {
  const waiting = [...list];
  const stopped = new AbortController();
  const together = AbortSignal.any([signal, stopped.signal]);
  const next = async (): Promise<void> => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) {
      if (!(await work(item, together))) waiting.length = 0;
    }
  };
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, next));
  } finally {
    waiting.length = 0;
    stopped.abort();
  }
}
