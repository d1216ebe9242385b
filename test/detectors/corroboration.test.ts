import { corroborates, isControl } from '../../src/detectors/corroboration.js';
import type { DetectorRun } from '../../src/detectors/detector.js';
import type { Observation } from '../../src/schema/observation.js';
import type { Policy } from '../../src/schema/policy.js';

const policy = (share: number, corroborateFrom?: number): Policy => ({
  version: 1,
  scenes: {
    porn: {
      detectors: { nsfwjs: { review: 0.7, block: 0.8, ...(corroborateFrom !== undefined && { corroborateFrom }) } },
      window: { k: 3, n: 5 },
      atMost: 'block',
    },
  },
  coverage: { minimum: 0.9 },
  control: { share },
  review: { deadline: '7d', onDeadline: 'review' },
});

const run = (share: number, corroborateFrom?: number): DetectorRun => ({
  sourceDigest: 'a'.repeat(64),
  policy: policy(share, corroborateFrom),
  policyDigest: 'b'.repeat(64),
  scenes: ['porn'],
  banks: [],
});

const seen = (name: string, score: number, detector = 'nsfwjs'): Observation[] => [
  { detector, sample: 7, class: name, score },
];

const controls = (some: DetectorRun, samples: number): number[] =>
  Array.from({ length: samples }, (_, sample) => sample).filter((sample) => isControl(sample, some));

describe('the second family', () => {
  const runIf = corroborates('porn', 'nsfwjs');

  it('is asked from the score on that the policy names', () => {
    expect(runIf(7, seen('porn', 0.45), run(0, 0.45))).toBe(true);
    expect(runIf(7, seen('porn', 0.449999), run(0, 0.45))).toBe(false);
  });

  it('is asked from 0.3 on when the policy names no score', () => {
    expect(runIf(7, seen('hentai', 0.3), run(0))).toBe(true);
    expect(runIf(7, seen('hentai', 0.299999), run(0))).toBe(false);
  });

  it('is not asked because of a class that decides nothing, or of another detector', () => {
    expect(runIf(7, seen('sexy', 0.99), run(0))).toBe(false);
    expect(runIf(7, seen('porn', 0.99, 'another'), run(0))).toBe(false);
  });

  it('is asked about every sample when the control share is everything, and about none by chance when it is nothing', () => {
    expect(controls(run(1), 50)).toHaveLength(50);
    expect(controls(run(0), 50)).toHaveLength(0);
    expect(runIf(7, [], run(1))).toBe(true);
  });
});

describe('the control share', () => {
  it('is about as large as the policy says', () => {
    const share = controls(run(0.02), 20_000).length / 20_000;
    expect(share).toBeGreaterThan(0.016);
    expect(share).toBeLessThan(0.024);
  });

  it('holds the same samples in every run, and others for another video or policy', () => {
    const chosen = controls(run(0.1), 500);
    expect(controls(run(0.1), 500)).toEqual(chosen);
    expect(controls({ ...run(0.1), sourceDigest: 'c'.repeat(64) }, 500)).not.toEqual(chosen);
    expect(controls({ ...run(0.1), policyDigest: 'c'.repeat(64) }, 500)).not.toEqual(chosen);
  });

  it('only grows when the share is raised', () => {
    const more = controls(run(0.2), 500);
    expect(more).toEqual(expect.arrayContaining(controls(run(0.1), 500)));
  });
});
