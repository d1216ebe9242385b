import { finerGrid, type DenserPlan } from '../domain/denser-samples.js';
import { onFinerGrid } from '../domain/sample-plan.js';
import type { Frame } from '../schema/frame.js';
import type { SamplePlan } from '../schema/plan.js';
import type { ClassifiedVideo } from './classified-video.js';
import type { DecodedSegment, DecodeRequest } from './decode-pass.js';
import { decodeSegment } from './decode.js';
import { takeFrames, type SampleJpeg, type TakeFramesOptions } from './evidence-frames.js';
import type { WantedSample } from '../domain/evidence-runs.js';

/** As `decodeSegment`, also where the segment is one of samples between those of the grid: of the finer grid only those come that the plan names. */
export function decodeSamples(request: DecodeRequest, options: { signal: AbortSignal }): DecodedSegment {
  const { plan, segment } = request;
  if (!isDenser(plan) || segment.from < plan.count) return decodeSegment(request, options);
  const { count, denser } = plan;
  // One past the last that is wanted, and where all of them are done already.
  const end = onFinerGrid(plan, segment.to - 1) + 1;
  const from = request.from < segment.to ? onFinerGrid(plan, request.from) : end;
  const finer = { ...segment, from: onFinerGrid(plan, segment.from), to: end };
  const { frames, digests } = decodeSegment({ ...request, plan: finerGrid(plan), segment: finer, from }, options);
  const samples = new Map(denser.at.map((at, index) => [at, count + index]));
  return { frames: named(frames, samples), digests };
}

async function* named(
  frames: AsyncIterable<Frame>,
  samples: ReadonlyMap<number, number>,
): AsyncGenerator<Frame, void, undefined> {
  for await (const frame of frames) {
    const sample = samples.get(frame.sample);
    if (sample === undefined) frame.release();
    else yield { ...frame, sample };
  }
}

/** As `takeFrames`, also of samples between those of the grid: they are decoded as if all had been on the finer one, where each has the same picture. */
export async function takeSampleFrames(
  classified: ClassifiedVideo,
  wanted: readonly WantedSample[],
  { pictures = new Map(), signal }: TakeFramesOptions,
): Promise<SampleJpeg[]> {
  const { plan } = classified;
  if (!isDenser(plan)) return takeFrames(classified, wanted, { pictures, signal });
  const { parts } = plan.denser;
  const samples = new Map(wanted.map(({ sample }) => [onFinerGrid(plan, sample), sample]));
  const taken = await takeFrames(
    {
      ...classified,
      plan: finerGrid(plan),
      segments: classified.segments.map((segment) => ({
        ...segment,
        from: segment.from * parts,
        to: segment.to * parts,
      })),
    },
    wanted.map((each) => ({ ...each, sample: onFinerGrid(plan, each.sample) })),
    { pictures: new Map([...pictures].map(([sample, digest]) => [onFinerGrid(plan, sample), digest])), signal },
  );
  return taken.map((jpeg) => ({ ...jpeg, sample: samples.get(jpeg.sample) ?? jpeg.sample }));
}

function isDenser(plan: SamplePlan): plan is DenserPlan {
  return plan.kind === 'grid' && plan.denser !== undefined;
}
