import { sampleCount, withoutDenser } from '../domain/denser-samples.js';
import type { DetectorRun } from '../detectors/detector.js';
import type { ChunkRef, Observation, SegmentResult } from '../schema/observation.js';
import type { SamplePlan } from '../schema/plan.js';
import type { VideoInfo } from '../schema/video.js';
import { readObservations, writeChunk } from '../store/observations.js';
import { detectorsNamed, returnable, type ClassifyDeps } from './classify-segment.js';

export interface ConcludeInput {
  /** The number that the result gets, one past the last segment. */
  segment: number;
  /** All that was seen in the first pass: who compares neighbours counts on one distance between them. */
  chunks: ChunkRef[];
  plan: SamplePlan;
  video: Pick<VideoInfo, 'timeBase' | 'durationS'>;
  /** MD5 of the file, hexadecimal. */
  sourceMd5: string;
  /** Names of the detectors to ask. */
  detectors: string[];
  run: DetectorRun;
}

/** See `mediaActivities`. */
export async function conclude(
  deps: Pick<ClassifyDeps, 'blobs' | 'detectors'>,
  input: ConcludeInput,
  signal: AbortSignal,
): Promise<SegmentResult> {
  const seen = await readObservations(deps.blobs, input.chunks);
  const observations = await concluded(deps, { ...input, plan: withoutDenser(input.plan) }, seen, signal);
  // A range of no samples, behind all others: nothing more was inspected, and no chunk of a segment begins there.
  const count = sampleCount(input.plan);
  const chunk = await writeChunk(deps.blobs, { from: count, to: count, observations });
  return { ...NOTHING_DECODED, segment: input.segment, chunks: [chunk], observations: returnable(observations) };
}

const NOTHING_DECODED = { inspected: 0, startDigest: null, nextDigest: null, decodeErrors: 0 };

/** The last words of the detectors, one after the other. */
export async function concluded(
  deps: Pick<ClassifyDeps, 'detectors'>,
  { plan, video, sourceMd5, detectors, run }: Omit<ConcludeInput, 'segment' | 'chunks'>,
  seen: readonly Observation[],
  signal: AbortSignal,
): Promise<Observation[]> {
  const classified = { observations: seen, plan, video, sourceMd5 };
  const said: Observation[] = [];
  for (const detector of detectorsNamed(deps.detectors, detectors))
    said.push(...((await detector.conclude?.(classified, run, signal)) ?? []));
  return said;
}
