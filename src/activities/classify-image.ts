import { Context } from '@temporalio/activity';
import { classify } from '../detectors/cascade.js';
import { countLooks } from '../domain/looked.js';
import { digestFile } from '../media/digest-file.js';
import { readImageFrame, readImageInfo } from '../media/still.js';
import type { BankRef } from '../schema/bank.js';
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
      for (let sample = 0; sample < plan.count; sample++) {
        const frame = await readImageFrame(
          path,
          image,
          { frame: sample * options.interval, sample },
          { tools: deps.media, signal },
        );
        const names: string[] = [];
        observations.push(...(await classify([frame], detectors, run, signal, (name) => names.push(name))));
        looked = countLooks(looked, names);
      }
      await local.assertUnchanged();
      const video = { timeBase: { num: 1, den: 1 }, durationS: 0 };
      const whole = { plan, video, sourceMd5, detectors: input.detectors, run };
      observations.push(...(await concluded(deps, whole, observations, signal)));
      const chunk = await writeChunk(deps.blobs, { from: 0, to: plan.count, observations, looked });
      return {
        probed: { source, image, sourceDigest, sourceMd5 },
        plan,
        result: {
          segment: 0,
          chunks: [chunk],
          observations: returnable(observations),
          inspected: plan.count,
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

/** Every `interval`th frame from the first, at most `maxFrames`. */
function planFrames(frameCount: number, { interval, maxFrames }: ModerationOptions): SamplePlan {
  const count = Math.min(maxFrames, Math.ceil(frameCount / interval));
  return { kind: 'grid', spacing: { num: interval, den: 1 }, count };
}
