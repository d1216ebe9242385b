import type { DecideInput } from '../../src/domain/decide.js';
import type { DetectorInfo } from '../../src/schema/detector-info.js';
import type { Observation } from '../../src/schema/observation.js';
import type { Policy } from '../../src/schema/policy.js';

export const DETECTORS: DetectorInfo[] = [
  { name: 'nsfwjs', version: '4.4.0', digest: 'a'.repeat(64), scene: 'porn', atMost: 'block' },
  { name: 'open-nsfw', version: '1', digest: 'b'.repeat(64), scene: 'porn', atMost: 'block' },
];

export const POLICY: Policy = {
  version: 1,
  scenes: {
    porn: {
      detectors: {
        nsfwjs: { review: 0.5, block: 0.8, corroborateFrom: 0.3 },
        'open-nsfw': { review: 0.5, block: 0.7 },
      },
      window: { k: 3, n: 5 },
      atMost: 'block',
    },
  },
  coverage: { minimum: 0.9 },
  control: { share: 0.02 },
  review: { deadline: '7d', onDeadline: 'review' },
};

/** Observations of class `porn` by sample: `{ 3: [nsfwjs, open-nsfw] }`. */
export function scores(bySample: Record<number, [number, number?]>): Observation[] {
  return Object.entries(bySample).flatMap(([sample, [first, second]]) => [
    { detector: 'nsfwjs', sample: Number(sample), class: 'porn', score: first },
    ...(second === undefined ? [] : [{ detector: 'open-nsfw', sample: Number(sample), class: 'porn', score: second }]),
  ]);
}

/** A video of 20 s sampled every second, wholly inspected, with these observations. */
export function decidable(observations: Observation[], changes: Partial<DecideInput> = {}): DecideInput {
  return {
    observations,
    policy: POLICY,
    policyDigest: 'c'.repeat(64),
    scenes: ['porn'],
    detectors: DETECTORS,
    taskType: 'VideoModeration',
    plan: { kind: 'grid', spacing: { num: 1, den: 1 }, count: 20 },
    video: { timeBase: { num: 1, den: 1000 }, durationS: 20, damaged: false },
    inspected: [{ from: 0, to: 20 }],
    ...changes,
  };
}
