import { Context } from '@temporalio/activity';
import { chooseFrames, chooseSpans, type DisputedSpan } from '../domain/choose-evidence.js';
import type { WantedSample } from '../domain/evidence-runs.js';
import { sampleTimeS } from '../domain/sample-plan.js';
import type { ClassifiedVideo } from '../media/classified-video.js';
import { takeSampleFrames } from '../media/decode-samples.js';
import type { SampleJpeg } from '../media/evidence-frames.js';
import { makeClip, type MakeClipOptions } from '../media/evidence.js';
import type { EvidenceItem } from '../schema/evidence.js';
import type { ChunkRef } from '../schema/observation.js';
import type { SamplingMode } from '../schema/options.js';
import type { SamplePlan, Segment } from '../schema/plan.js';
import type { Suggestion } from '../schema/scene.js';
import type { SourceIdentity } from '../schema/source.js';
import type { BlockFrame } from '../schema/verdict.js';
import type { VideoInfo } from '../schema/video.js';
import type { BlobStore } from '../store/blobs.js';
import { readPictures } from '../store/observations.js';
import type { ClassifyDeps } from './classify-segment.js';

/** A verdict to be justified, and the video as it was classified. */
export interface EvidenceInput {
  source: SourceIdentity;
  video: VideoInfo;
  plan: SamplePlan;
  sampling: SamplingMode;
  segments: Segment[];
  suggestion: Suggestion;
  blockFrames: BlockFrame[];
  /** Where the digests of the classified pictures lie; absent where an earlier release asks. */
  chunks?: ChunkRef[];
}

/** See `mediaActivities`. */
export async function keepEvidence(
  deps: Pick<ClassifyDeps, 'blobs' | 'sources' | 'media'>,
  input: EvidenceInput,
): Promise<EvidenceItem[]> {
  const { cancellationSignal: signal } = Context.current();
  const source = await deps.sources.open(input.source, signal);
  try {
    const items = await keepFrom(source.path, deps, input, signal);
    await source.assertUnchanged();
    return items;
  } finally {
    await source.release();
  }
}

async function keepFrom(
  path: string,
  { blobs, media }: Pick<ClassifyDeps, 'blobs' | 'media'>,
  { suggestion, blockFrames, chunks = [], ...classified }: EvidenceInput,
  signal: AbortSignal,
): Promise<EvidenceItem[]> {
  const video: ClassifiedVideo = { ...classified, path, tools: media };
  const spans = suggestion === 'review' ? chooseSpans(blockFrames, video.video.durationS) : [];
  const pictures = await readPictures(blobs, chunks);
  const taken = await takeSampleFrames(video, wantedFrames(video, blockFrames, spans), { signal, pictures });
  const items = await Promise.all(taken.map((jpeg) => keepFrame(blobs, video, jpeg)));
  // What frames have proven to be a safe start saves decoding what lies before a clip.
  const provenPts = taken.flatMap(({ startPts }) => startPts ?? []);
  for (const span of spans) items.push(await keepClip(blobs, video, span, { signal, provenPts }));
  return items;
}

/** Frames in a span to be shown are decoded from before it, so that they prove a start for its clip. */
function wantedFrames(
  { plan, video }: ClassifiedVideo,
  blockFrames: readonly BlockFrame[],
  spans: readonly DisputedSpan[],
): WantedSample[] {
  return chooseFrames(blockFrames).map(({ sample }) => {
    const atS = sampleTimeS(plan, video.timeBase, sample);
    const span = spans.find(({ startS, endS }) => startS <= atS && atS <= endS);
    return { sample, ...(span === undefined ? {} : { beginS: span.startS }) };
  });
}

async function keepFrame(
  blobs: BlobStore,
  { plan, video }: ClassifiedVideo,
  { sample, bytes, widthPx, heightPx }: SampleJpeg,
): Promise<EvidenceItem> {
  const atS = sampleTimeS(plan, video.timeBase, sample);
  const digest = await blobs.put(bytes);
  return { kind: 'frame', sample, startS: atS, endS: atS, widthPx, heightPx, contentType: 'image/jpeg', digest };
}

/** Kept in the place of a clip, so that who looks for it learns what is missing. */
const NO_ENCODER =
  'No clip could be made: ffmpeg has neither libx264 and aac nor libvpx-vp9 and libopus. Install an ffmpeg with them, for example the one of Debian.\n';

async function keepClip(
  blobs: BlobStore,
  video: ClassifiedVideo,
  { sample, startS, endS }: DisputedSpan,
  options: MakeClipOptions,
): Promise<EvidenceItem> {
  const clip = await makeClip(video, { startS, endS }, options);
  if (clip === null) {
    const digest = await blobs.put(Buffer.from(NO_ENCODER));
    return { kind: 'no clip', sample, startS, endS, widthPx: 0, heightPx: 0, contentType: 'text/plain', digest };
  }
  const { bytes, widthPx, heightPx, contentType } = clip;
  const digest = await blobs.put(bytes);
  return { kind: 'clip', sample, startS, endS, widthPx, heightPx, contentType, digest };
}
