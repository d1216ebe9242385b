import { Context } from '@temporalio/activity';
import { classify } from '../detectors/cascade.js';
import { decide } from '../domain/decide.js';
import { mayDecide } from '../domain/labels.js';
import { countLooks } from '../domain/looked.js';
import { digestFile } from '../media/digest-file.js';
import { readImageFrame, readImageInfo } from '../media/still.js';
import type { BankRef } from '../schema/bank.js';
import type { DetectorInfo } from '../schema/detector-info.js';
import type { ImageFinding } from '../schema/probed.js';
import type { Looked, Observation } from '../schema/observation.js';
import type { ModerationOptions } from '../schema/options.js';
import type { SamplePlan } from '../schema/plan.js';
import type { Policy } from '../schema/policy.js';
import type { SourceRef } from '../schema/source.js';
import { writeChunk } from '../store/observations.js';
import { concluded } from './conclude.js';
import { detectorsNamed, returnable, type ClassifyDeps } from './classify-segment.js';
import { named } from './named.js';

export interface ClassifyImageInput {
  source: SourceRef;
  options: ModerationOptions;
  /** Names of the detectors to ask. */
  detectors: string[];
  /** What they say of themselves; absent where an earlier release asks. */
  infos?: DetectorInfo[];
  policy: Policy;
  policyDigest: string;
  banks: BankRef[];
}

/** See `mediaActivities`. */
export async function classifyImage(deps: ClassifyDeps, input: ClassifyImageInput): Promise<ImageFinding> {
  const { cancellationSignal: signal } = Context.current();
  const { options, policy, policyDigest, banks } = input;
  const source = await deps.sources.identify(input.source, signal);
  const local = await deps.sources.open(source, signal);
  try {
    return await named(source.uri, local.path, async () => {
      const { path } = local;
      const [image, { sha256: sourceDigest, md5: sourceMd5 }] = await Promise.all([
        readImageInfo(path, source.sizeBytes, options),
        digestFile(path, signal),
      ]);
      const plan = planFrames(image.frameCount, options);
      const detectors = detectorsNamed(deps.detectors, input.detectors);
      const run = { sourceDigest, policy, policyDigest, scenes: options.scenes, banks };
      const observations: Observation[] = [];
      let looked: Looked = {};
      let inspected = 0;
      let isStopped = false;
      while (inspected < plan.count && !isStopped) {
        const sample = inspected++;
        const frame = await readImageFrame(
          path,
          image,
          { frame: sample * options.interval, sample },
          { tools: deps.media, signal },
        );
        const names: string[] = [];
        const seen = await classify([frame], detectors, run, signal, (name) => names.push(name));
        observations.push(...seen);
        looked = countLooks(looked, names);
        isStopped =
          policy.earlyStop === true && seen.some(mayDecide) && isBlocked(input, plan, inspected, observations);
      }
      await local.assertUnchanged();
      const video = { timeBase: { num: 1, den: 1 }, durationS: 0 };
      const whole = { plan, video, sourceMd5, detectors: input.detectors, run };
      // As for videos: a last word about a part would be about another image.
      if (!isStopped) observations.push(...(await concluded(deps, whole, observations, signal)));
      const chunk = await writeChunk(deps.blobs, { from: 0, to: inspected, observations, looked });
      return {
        probed: { source, image, sourceDigest, sourceMd5 },
        plan,
        result: {
          segment: 0,
          chunks: [chunk],
          observations: returnable(observations),
          inspected,
          looked,
          startDigest: null,
          nextDigest: null,
          decodeErrors: 0,
        },
      };
    });
  } finally {
    await local.release();
  }
}

/** Whether the frames looked at so far block the image, which no other one could loosen. */
function isBlocked(
  { policy, policyDigest, options, infos = [] }: ClassifyImageInput,
  plan: SamplePlan,
  inspected: number,
  observations: readonly Observation[],
): boolean {
  const verdict = decide({
    observations,
    policy,
    policyDigest,
    scenes: options.scenes,
    detectors: infos,
    taskType: 'ImageModeration',
    plan,
    video: { timeBase: { num: 1, den: 1 }, durationS: plan.count, damaged: false },
    inspected: [{ from: 0, to: inspected }],
  });
  return verdict.suggestion === 'block';
}

/** Every `interval`th frame from the first, at most `maxFrames`. */
function planFrames(frameCount: number, { interval, maxFrames }: ModerationOptions): SamplePlan {
  const count = Math.min(maxFrames, Math.ceil(frameCount / interval));
  return { kind: 'grid', spacing: { num: interval, den: 1 }, count };
}
