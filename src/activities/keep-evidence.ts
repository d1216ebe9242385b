import { Context } from '@temporalio/activity';
import { chooseFrames, chooseSpans } from '../domain/choose-evidence.js';
import { sampleTimeS } from '../domain/sample-plan.js';
import { makeClip, takeFrames, type ClassifiedVideo } from '../media/evidence.js';
import type { EvidenceItem } from '../schema/evidence.js';
import type { SamplingMode } from '../schema/options.js';
import type { SamplePlan, Segment } from '../schema/plan.js';
import type { Suggestion } from '../schema/scene.js';
import type { SourceIdentity } from '../schema/source.js';
import type { BlockFrame } from '../schema/verdict.js';
import type { VideoInfo } from '../schema/video.js';
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
}

/** See `mediaActivities`. */
export async function keepEvidence(
  deps: Pick<ClassifyDeps, 'blobs' | 'sources' | 'media'>,
  { source, suggestion, blockFrames, ...classified }: EvidenceInput,
): Promise<EvidenceItem[]> {
  const { cancellationSignal: signal } = Context.current();
  const { path, assertUnchanged } = await deps.sources.open(source, signal);
  const video: ClassifiedVideo = { ...classified, path, tools: deps.media };
  const frames = await keepFrames(deps, video, blockFrames, signal);
  const clips = suggestion === 'review' ? await keepClips(deps, video, blockFrames, signal) : [];
  await assertUnchanged();
  return [...frames, ...clips];
}

type Deps = Pick<ClassifyDeps, 'blobs'>;

async function keepFrames(
  { blobs }: Deps,
  video: ClassifiedVideo,
  blockFrames: readonly BlockFrame[],
  signal: AbortSignal,
): Promise<EvidenceItem[]> {
  const samples = chooseFrames(blockFrames).map(({ sample }) => sample);
  const items: EvidenceItem[] = [];
  for await (const { sample, bytes, widthPx, heightPx } of takeFrames(video, samples, { signal })) {
    const atS = sampleTimeS(video.plan, video.video.timeBase, sample);
    const digest = await blobs.put(bytes);
    items.push({ kind: 'frame', sample, startS: atS, endS: atS, widthPx, heightPx, contentType: 'image/jpeg', digest });
  }
  return items;
}

async function keepClips(
  { blobs }: Deps,
  video: ClassifiedVideo,
  blockFrames: readonly BlockFrame[],
  signal: AbortSignal,
): Promise<EvidenceItem[]> {
  const items: EvidenceItem[] = [];
  for (const { sample, startS, endS } of chooseSpans(blockFrames, video.video.durationS)) {
    const { bytes, widthPx, heightPx, contentType } = await makeClip(video, { startS, endS }, { signal });
    const digest = await blobs.put(bytes);
    items.push({ kind: 'clip', sample, startS, endS, widthPx, heightPx, contentType, digest });
  }
  return items;
}
