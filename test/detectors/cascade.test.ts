import { classify, cascadeOrder } from '../../src/detectors/cascade.js';
import type { Detector, DetectorRun } from '../../src/detectors/detector.js';
import type { Frame } from '../../src/schema/frame.js';
import type { Observation } from '../../src/schema/observation.js';

const run: DetectorRun = {
  sourceDigest: 'a',
  policyDigest: 'b',
  scenes: ['porn'],
  banks: [],
  policy: {
    version: 1,
    scenes: {},
    coverage: { minimum: 0 },
    control: { share: 0 },
    review: { deadline: '7d', onDeadline: 'review' },
  },
};

const frame = (sample: number): Frame => ({
  sample,
  widthPx: 2,
  heightPx: 2,
  format: 'rgb24',
  colour: { matrix: null, range: null },
  data: new Uint8Array(12),
  release: () => undefined,
});

const never = new AbortController().signal;

/** A detector that sees two classes in every frame, scored by the sample, and notes what it was asked. */
function detector(name: string, costMs: number, rest: Partial<Detector> = {}): Detector & { asked: number[] } {
  const asked: number[] = [];
  return {
    ...{ name, costMs, asked },
    detect(batch) {
      asked.push(...batch.map(({ sample }) => sample));
      return Promise.resolve(
        batch.flatMap(({ sample }): Observation[] => [
          { detector: name, sample, class: 'z', score: sample / 10 },
          { detector: name, sample, class: 'a', score: 0 },
        ]),
      );
    },
    ...rest,
  };
}

describe('the cascade', () => {
  it('asks unconditional detectors first, cheap before expensive', () => {
    const detectors = [detector('confirming', 1, { runIf: () => true }), detector('slow', 30), detector('quick', 10)];
    expect(cascadeOrder(detectors).map(({ name }) => name)).toEqual(['quick', 'slow', 'confirming']);
  });

  it('asks a conditional detector about the samples that what was seen before calls for', async () => {
    const quick = detector('quick', 10);
    const confirming = detector('confirming', 20, {
      runIf: (sample, seen) => seen.some((it) => it.sample === sample && it.detector === 'quick' && it.score >= 0.3),
    });
    await classify([0, 1, 3, 2, 5].map(frame), [confirming, quick], run, never);
    expect(quick.asked.sort()).toEqual([0, 1, 2, 3, 5]);
    expect(confirming.asked.sort()).toEqual([3, 5]);
  });

  it('answers by sample, then detector, then class, in whatever order frames and detectors come', async () => {
    const make = (): Detector[] => [
      detector('slow', 30),
      detector('quick', 10),
      detector('odd', 1, { runIf: (n) => n === 2 }),
    ];
    const straight = await classify([1, 2].map(frame), make(), run, never);
    const turned = await classify([2, 1].map(frame), make().reverse(), run, never);
    expect(JSON.stringify(turned)).toBe(JSON.stringify(straight));
    expect(straight.map((seen) => `${seen.sample} ${seen.detector} ${seen.class}`)).toEqual([
      ...['1 quick a', '1 quick z', '1 slow a', '1 slow z'],
      ...['2 quick a', '2 quick z', '2 slow a', '2 slow z', '2 odd a', '2 odd z'],
    ]);
  });

  it('fails as a detector fails, but only once no other one reads the frames any more', async () => {
    let finish: () => void = () => undefined;
    let finished = false;
    const failing = detector('failing', 1, { detect: () => Promise.reject(new Error('broken')) });
    const reading = detector('reading', 2, {
      detect: () =>
        new Promise(
          (resolve) =>
            (finish = () => {
              resolve([]);
            }),
        ),
    });
    const answer = classify([frame(0)], [failing, reading], run, never).finally(() => (finished = true));
    await new Promise(setImmediate);
    expect(finished).toBe(false);
    finish();
    await expect(answer).rejects.toThrow('broken');
  });
});
