import { Context } from '@temporalio/activity';
import { mayDecide } from '../domain/labels.js';
import { classify } from '../detectors/cascade.js';
import type { Detector, DetectorRun } from '../detectors/detector.js';
import { decodeSamples } from '../media/decode-samples.js';
import { pictureDigest } from '../media/picture-digest.js';
import type { MediaTools } from '../media/tools.js';
import type { Frame } from '../schema/frame.js';
import type { Checkpoint, Observation, SegmentResult } from '../schema/observation.js';
import type { SamplingMode } from '../schema/options.js';
import type { SamplePlan, Segment } from '../schema/plan.js';
import type { SourceIdentity } from '../schema/source.js';
import type { VideoInfo } from '../schema/video.js';
import type { LocalSource, SourceReader } from '../sources/source.js';
import type { BlobStore } from '../store/blobs.js';
import { readSeen, writeChunk } from '../store/observations.js';
import type { RecordStore } from '../store/records.js';
import { SegmentProgress } from './segment-progress.js';

export interface ClassifyDeps {
  blobs: BlobStore;
  /** Where attempts are counted, with how far they came. */
  records: Pick<RecordStore, 'recordAttempt' | 'checkpoint'>;
  sources: SourceReader;
  detectors: readonly Detector[];
  media: MediaTools;
}

export interface ClassifyInput {
  taskId: string;
  source: SourceIdentity;
  video: VideoInfo;
  plan: SamplePlan;
  segment: Segment;
  sampling: SamplingMode;
  /** Names of the detectors to ask. */
  detectors: string[];
  run: DetectorRun;
  /** How often it was stopped in grace before, and is now gone on with from its record; absent: never. */
  stops?: number;
}

/** More than one activity makes: attempts after a stop are counted on from here. */
const ATTEMPTS_OF_ONE = 1000;

/** Frames of one segment under classification at once: one for each of two threads, and one that waits for them. */
const IN_FLIGHT = 3;
/** Returned observations, as JSON: more would not fit a history beside those of other segments. */
const RETURNED_BYTES = 200_000;

/** See `mediaActivities`. */
export async function classifySegment(deps: ClassifyDeps, input: ClassifyInput): Promise<SegmentResult> {
  const { cancellationSignal: signal, info } = Context.current();
  const sent = info.heartbeatDetails as Checkpoint | undefined;
  const { stops = 0 } = input;
  const kept =
    info.attempt === 1 && stops === 0 ? null : await deps.records.checkpoint(input.taskId, input.segment.index);
  // It heartbeats from here on, also while the source is fetched, whose own limits bound a standstill.
  const progress = new SegmentProgress(deps, input, info.attempt + stops * ATTEMPTS_OF_ONE, further(sent, kept));
  try {
    const source = await deps.sources.open(input.source, signal);
    try {
      return await classifyOpen(deps, input, source, progress, signal);
    } finally {
      await source.release();
    }
  } finally {
    progress.stop();
  }
}

/** The last heartbeat is the newest unless the server was away. */
function further(sent: Checkpoint | undefined, kept: Checkpoint | null): Checkpoint | undefined {
  return kept !== null && (sent === undefined || kept.nextSample > sent.nextSample) ? kept : sent;
}

async function classifyOpen(
  deps: ClassifyDeps,
  input: ClassifyInput,
  source: LocalSource,
  progress: SegmentProgress,
  signal: AbortSignal,
): Promise<SegmentResult> {
  const { segment } = input;
  const detectors = detectorsNamed(deps.detectors, input.detectors);
  const { video, plan, sampling, run } = input;
  // Every picture is watched once: by the first pass.
  const watchers = segment.from < plan.count ? detectors.filter((detector) => detector.watch !== undefined) : [];
  const from = progress.nextSample;
  const watch = watchers.length > 0;
  const request = { path: source.path, video, plan, segment, sampling, from, watch, tools: deps.media };
  const { frames, digests } = decodeSamples(request, { signal });
  // It rejects with what the frames throw: heard once is enough.
  digests.catch(() => undefined);
  const look = async (frame: Frame): Promise<Seen> => {
    const looked: string[] = [];
    const observations = await classify([frame], detectors, run, signal, (name) => looked.push(name));
    return { observations, looked, picture: observations.some(mayDecide) ? pictureDigest(frame) : null };
  };
  for await (const { sample, result } of inOrder(frames, look, progress))
    await progress.add(sample, result.observations, result.picture, result.looked);
  await progress.finish();
  await source.assertUnchanged();
  const { startDigest, nextDigest, decodeErrors, watched } = await digests;
  const chunks = [...progress.chunks];
  if (watched !== null) {
    const said = watchers.flatMap((it) => it.watch?.({ pictures: watched, segment, plan, video }, run) ?? []);
    // A range of no samples: it says nothing of which were inspected.
    chunks.push(await writeChunk(deps.blobs, { from: segment.to, to: segment.to, observations: said }));
  }
  const { observations, looked } = await readSeen(deps.blobs, chunks);
  return {
    segment: segment.index,
    chunks,
    observations: returnable(observations),
    inspected: progress.inspected,
    ...(looked && { looked }),
    startDigest,
    nextDigest,
    decodeErrors,
  };
}

/** What came of one sample. */
interface Seen {
  observations: Observation[];
  /** Digest of its picture; `null` where that cannot become evidence. */
  picture: string | null;
  /** Names of the detectors that looked at it. */
  looked: string[];
}

/** The detectors of these names. */
export function detectorsNamed(detectors: readonly Detector[], names: readonly string[]): Detector[] {
  return names.map((name) => {
    const detector = detectors.find((candidate) => candidate.name === name);
    // Transient: in a fleet another worker may have it, and while one is updated so will this.
    if (detector === undefined) throw new Error(`Expected this worker to have the detector ${name}: update it.`);
    return detector;
  });
}

/** The results of the frames in their order, with a few of them under way at once. */
async function* inOrder<T>(
  frames: AsyncIterable<Frame>,
  work: (frame: Frame) => Promise<T>,
  progress: SegmentProgress,
): AsyncGenerator<{ sample: number; result: T }> {
  const underWay: Promise<{ sample: number; result: T }>[] = [];
  try {
    for await (const frame of frames) {
      await progress.begin(frame.sample);
      const { sample } = frame;
      const done = work(frame)
        .finally(() => {
          frame.release();
        })
        .then((result) => ({ sample, result }));
      // A failure is met when its turn comes; meanwhile it must not count as unhandled.
      done.catch(() => undefined);
      underWay.push(done);
      const next = underWay.length >= IN_FLIGHT ? underWay.shift() : undefined;
      if (next !== undefined) yield await next;
    }
    for (let next = underWay.shift(); next !== undefined; next = underWay.shift()) yield await next;
  } finally {
    await Promise.allSettled(underWay);
  }
}

/** What the workflow decides from, or `null` when that is too much for its history. */
export function returnable(observations: readonly Observation[]): Observation[] | null {
  const kept = observations.filter(mayDecide);
  return JSON.stringify(kept).length > RETURNED_BYTES ? null : kept;
}
