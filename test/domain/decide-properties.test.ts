import fc from 'fast-check';
import { decide, type DecideInput } from '../../src/domain/decide.js';
import type { Observation } from '../../src/schema/observation.js';
import type { Policy } from '../../src/schema/policy.js';
import { SUGGESTIONS } from '../../src/schema/scene.js';
import type { Verdict } from '../../src/schema/verdict.js';
import { DETECTORS } from '../support/verdicts.js';

const SAMPLES = 24;
/** Mostly `block`: what is capped is soon the same for all inputs. */
const suggestion = fc.oneof({ weight: 6, arbitrary: fc.constant('block' as const) }, fc.constantFrom(...SUGGESTIONS));
const harm = ({ suggestion }: Pick<Verdict, 'suggestion'>) => SUGGESTIONS.indexOf(suggestion);

const third = { name: 'third', version: '1', digest: 'd'.repeat(64), scene: 'porn', atMost: 'block' } as const;
const detectors = fc
  .tuple(
    fc.subarray([...DETECTORS, third], { minLength: 1 }),
    fc.array(fc.oneof({ weight: 6, arbitrary: fc.constant('block' as const) }, fc.constant('review' as const)), {
      minLength: 3,
      maxLength: 3,
    }),
  )
  .map(([chosen, atMost]) => chosen.map((detector, index) => ({ ...detector, atMost: atMost[index] ?? 'block' })));

/** Coarse, so that scores often meet thresholds exactly. */
const score = fc.integer({ min: 0, max: 20 }).map((twentieths) => twentieths / 20);
const threshold = fc.integer({ min: 3, max: 20 }).map((twentieths) => twentieths / 20);
const rule = fc
  .tuple(threshold, threshold)
  .map(([one, two]) => ({ review: Math.min(one, two), block: Math.max(one, two) }));
const window = fc
  .tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 }))
  .map(([one, two]) => ({ k: Math.min(one, two), n: Math.max(one, two) }));
const policy: fc.Arbitrary<Policy> = fc.record({
  version: fc.constant(1 as const),
  scenes: fc.record({
    porn: fc.record({
      detectors: fc.record({ nsfwjs: rule, 'open-nsfw': rule, third: rule }),
      window,
      atMost: suggestion,
    }),
  }),
  coverage: fc.record({ minimum: fc.constantFrom(0, 0.5, 0.9, 1) }),
  control: fc.constant({ share: 0 }),
  review: fc.constant({ deadline: '7d', onDeadline: 'review' as const }),
});

const observation: fc.Arbitrary<Observation> = fc.record({
  detector: fc.constantFrom('nsfwjs', 'nsfwjs', 'open-nsfw', 'open-nsfw', 'third', 'unknown'),
  sample: fc.oneof(fc.integer({ min: 4, max: 11 }), fc.integer({ min: 0, max: SAMPLES - 1 })),
  class: fc.constantFrom('porn', 'porn', 'hentai', 'sexy', 'neutral'),
  score,
});

const input: fc.Arbitrary<DecideInput> = fc.record({
  observations: fc.oneof(
    fc.array(observation, { maxLength: 2 }),
    fc.array(observation, { maxLength: 8 }),
    fc.array(observation, { maxLength: 120, size: 'max' }),
  ),
  policy,
  policyDigest: fc.constant('c'.repeat(64)),
  scenes: fc.constantFrom(['porn'] as const, ['porn'] as const, ['porn', 'ad'] as const, ['ad'] as const),
  detectors,
  taskType: fc.constantFrom('VideoModeration' as const, 'ImageModeration' as const),
  plan: fc.constant({ kind: 'grid' as const, spacing: { num: 2, den: 3 }, count: SAMPLES }),
  video: fc.constant({ timeBase: { num: 1, den: 1000 }, durationS: 16, damaged: false }),
  inspected: fc.oneof(fc.constant(SAMPLES), fc.integer({ min: 0, max: SAMPLES })).map((to) => [{ from: 0, to }]),
});

const check = <T>(arbitrary: fc.Arbitrary<T>, property: (value: T) => void, numRuns = 500) => {
  fc.assert(fc.property(arbitrary, property), { numRuns });
};

test('raising scores, one or many, never loosens a verdict', () => {
  const raise = fc.array(fc.oneof(fc.constant(0), fc.constant(1), score), { minLength: 1, maxLength: 4 });
  check(fc.tuple(input, raise), ([given, others]) => {
    const observations = given.observations.map((one, index) => ({
      ...one,
      score: Math.max(one.score, others[index % others.length] ?? 0),
    }));
    expect(harm(decide({ ...given, observations }))).toBeGreaterThanOrEqual(harm(decide(given)));
  });
});

test('one more observation never loosens a verdict', () => {
  check(fc.tuple(input, observation), ([given, more]) => {
    const after = decide({ ...given, observations: [...given.observations, more] });
    expect(harm(after)).toBeGreaterThanOrEqual(harm(decide(given)));
  });
});

test('lower thresholds never loosen a verdict', () => {
  check(fc.tuple(input, rule, rule, rule), ([given, ...rules]) => {
    const porn = given.policy.scenes.porn;
    if (porn === undefined) throw new Error('Expected rules for porn');
    const names = Object.keys(porn.detectors);
    const stricter = names.map((name, index) => {
      const [old, other] = [porn.detectors[name], rules[index]];
      const review = Math.min(old?.review ?? 1, other?.review ?? 1);
      return [name, { review, block: Math.min(old?.block ?? 1, other?.block ?? 1) }] as const;
    });
    const scenes = { porn: { ...porn, detectors: Object.fromEntries(stricter) } };
    const after = decide({ ...given, policy: { ...given.policy, scenes } });
    expect(harm(after)).toBeGreaterThanOrEqual(harm(decide(given)));
  });
});

test('having inspected less never loosens a verdict', () => {
  check(fc.tuple(input, fc.nat(SAMPLES)), ([given, to]) => {
    const inspected = given.inspected.map((range) => ({ ...range, to: Math.min(range.to, to) }));
    expect(harm(decide({ ...given, inspected }))).toBeGreaterThanOrEqual(harm(decide(given)));
  });
});

test('neither the order of observations and ranges nor their repetition matters', () => {
  const shuffled = input.chain((given) => {
    const { observations, inspected } = given;
    const mixed = fc.shuffledSubarray([...observations, ...observations], { minLength: 2 * observations.length });
    const halves = inspected.flatMap(({ from, to }) => [
      { from: Math.floor(to / 2), to },
      { from, to: Math.floor(to / 2) },
    ]);
    return fc.tuple(fc.constant(given), mixed, fc.constant(halves));
  });
  check(shuffled, ([given, observations, inspected]) => {
    expect(decide({ ...given, observations, inspected })).toStrictEqual(decide(given));
  });
});

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(freeze);
  return value;
}

test('deciding again gives the same verdict, also from what went through JSON, and changes nothing it was given', () => {
  check(input, (given) => {
    const verdict = decide(freeze(given));
    expect(decide(given)).toStrictEqual(verdict);
    expect(decide(JSON.parse(JSON.stringify(given)) as DecideInput)).toStrictEqual(verdict);
    expect(JSON.parse(JSON.stringify(verdict))).toStrictEqual(verdict);
  });
});

test('every block frame is a sample in order with a rate that reaches a threshold of one of its detectors', () => {
  check(input, (given) => {
    const { blockFrames } = decide(given);
    expect(blockFrames.map(({ sample }) => sample)).toEqual(
      [...new Set(blockFrames.map(({ sample }) => sample))].sort((a, b) => a - b),
    );
    for (const { sample, rate, offset, timeS, detectors: names } of blockFrames) {
      expect(sample).toBeLessThan(SAMPLES);
      expect(offset).toBe(Math.floor(timeS));
      const lowest = Math.min(...names.map((name) => given.policy.scenes.porn?.detectors[name]?.review ?? Infinity));
      expect(rate).toBeGreaterThanOrEqual(100 * lowest - 1e-9);
      expect(rate).toBeLessThanOrEqual(100);
    }
  });
});

test('a block rests on as many neighbouring samples as the policy asks for, of an image on one, each seen by two detectors where two may block', () => {
  check(
    input,
    (given) => {
      const { suggestion, blockFrames } = decide(given);
      fc.pre(suggestion === 'block');
      const porn = given.policy.scenes.porn;
      const ofVideo = porn?.window ?? { k: Infinity, n: 0 };
      const { k, n } = given.taskType === 'ImageModeration' ? { k: 1, n: 1 } : ofVideo;
      const mayBlock = given.detectors.filter(({ atMost }) => atMost === 'block').length;
      for (const frame of blockFrames) {
        const near = blockFrames.filter(({ sample }) => Math.abs(sample - frame.sample) < n);
        expect(near.length).toBeGreaterThanOrEqual(k);
        expect(frame.detectors).toHaveLength(Math.min(2, mayBlock));
      }
    },
    100,
  );
});

test('nothing goes further than the policy and the detectors may, but for doubts about coverage', () => {
  check(input, (given) => {
    const whole = { ...given, inspected: [{ from: 0, to: SAMPLES }], scenes: ['porn'] as const };
    const mayGo = Math.max(...given.detectors.map(({ atMost }) => SUGGESTIONS.indexOf(atMost)));
    const policyMay = SUGGESTIONS.indexOf(given.policy.scenes.porn?.atMost ?? 'pass');
    expect(harm(decide(whole))).toBeLessThanOrEqual(Math.min(mayGo, policyMay));
  });
});
