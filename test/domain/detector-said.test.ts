import { en } from '../../console/src/messages/en.js';
import { fill } from '../../console/src/translate.js';
import { detectorsSaid, type SaidInput } from '../../src/domain/detector-said.js';
import type { SamplePlan } from '../../src/schema/plan.js';
import type { Policy } from '../../src/schema/policy.js';
import { DETECTORS, POLICY, scores } from '../support/verdicts.js';

const PLAN: SamplePlan = { kind: 'grid', spacing: { num: 1, den: 1 }, count: 20 };

function whyOf(changes: Partial<SaidInput>): Record<string, string> {
  const said = detectorsSaid({
    observations: [],
    detectors: DETECTORS,
    policy: POLICY,
    taskType: 'VideoModeration',
    plan: PLAN,
    ...changes,
  });
  return Object.fromEntries(said.map(({ name, why }) => [name, fill(en[`why.${why.code}`], why.values, 'en')]));
}

function policyWith(changes: Partial<NonNullable<Policy['scenes']['porn']>>): Policy {
  return { ...POLICY, scenes: { porn: { ...POLICY.scenes.porn!, ...changes } } };
}

describe('why what a detector said did not settle the matter', () => {
  it('names the threshold that was not reached', () => {
    const { nsfwjs, 'open-nsfw': second } = whyOf({ observations: scores({ 3: [0.432, 0.65] }) });
    expect(nsfwjs).toBe('Its highest score, 0.43, is below the 0.50 from which on a person is asked.');
    expect(second).toBe('Its highest score, 0.65, is below the 0.70 from which on it counts towards a block.');
  });

  it('says that nobody agreed', () => {
    const { nsfwjs } = whyOf({ observations: scores({ 3: [0.9, 0.2], 4: [0.95] }) });
    expect(nsfwjs).toBe('It was sure on 2 samples, and no second detector agreed on any of them.');
  });

  it('says on how many neighbouring samples both agreed, and how many it takes', () => {
    const { nsfwjs } = whyOf({ observations: scores({ 3: [0.9, 0.9], 12: [0.9, 0.8], 14: [0.9] }) });
    expect(nsfwjs).toBe(
      'It was sure on 3 samples, and a second detector agreed on 2; a block needs 3 of 5 neighbouring ones.',
    );
  });

  it('says of the only detector of a scene how often it would have to be sure', () => {
    const { nsfwjs } = whyOf({ observations: scores({ 3: [0.9] }), detectors: DETECTORS.slice(0, 1) });
    expect(nsfwjs).toBe('It was sure on 1 sample; a block needs 3 of 5 neighbouring ones.');
  });

  it('says that a scene or a detector may ask for a person at most', () => {
    const observations = scores({ 3: [0.9, 0.9] });
    expect(whyOf({ observations, policy: policyWith({ atMost: 'review' }) })['nsfwjs']).toBe(
      'It scored 0.90, and the policy lets this scene go to review at most.',
    );
    const cautious = DETECTORS.map((detector) => ({ ...detector, atMost: 'review' as const }));
    expect(whyOf({ observations, detectors: cautious })['nsfwjs']).toBe(
      'It scored 0.90, and may ask for a person and no more.',
    );
    const suggestive = observations.map((seen) => ({ ...seen, atMost: 'review' as const }));
    expect(whyOf({ observations: suggestive })['nsfwjs']).toBe(
      'It scored 0.90, for what may ask for a person and no more.',
    );
  });

  it('says that nothing was seen, that it was not asked, or that the policy does not know it', () => {
    expect(whyOf({ looked: { nsfwjs: 20 } })).toEqual({
      nsfwjs: 'It saw next to nothing.',
      'open-nsfw': 'It was not asked about any sample.',
    });
    const policy = policyWith({ detectors: { 'open-nsfw': { review: 0.5 } } });
    expect(whyOf({ observations: scores({ 3: [0.9] }), policy })['nsfwjs']).toBe(
      'The policy has no rule for it in this scene, so that nothing it says counts.',
    );
    expect(whyOf({ policy: null })['nsfwjs']).toBe('The policy that decided is not known any more.');
  });

  it('says of a block what it rests on', () => {
    const both = scores({ 3: [0.9, 0.9], 4: [0.9, 0.9], 5: [0.9, 0.9] });
    expect(whyOf({ observations: both })['open-nsfw']).toBe(
      'It was sure on 3 samples: it is among those that block porn.',
    );
    const policy = policyWith({ detectors: { nsfwjs: { review: 0.5, block: 0.8, alone: true } } });
    expect(whyOf({ observations: scores({ 3: [0.9] }), policy })['nsfwjs']).toBe(
      'It scored 0.90, and its word is enough to block porn.',
    );
  });

  it('of an image needs no neighbours', () => {
    const { nsfwjs } = whyOf({ observations: scores({ 0: [0.9, 0.9] }), taskType: 'ImageModeration' });
    expect(nsfwjs).toBe('It was sure on 1 sample: it is among those that block porn.');
  });

  it('comes with the highest score of a class that counts, and the samples looked at', () => {
    const observations = [
      ...scores({ 3: [0.6], 4: [0.7] }),
      { detector: 'nsfwjs', sample: 5, class: 'drawing', score: 0.99 },
    ];
    const [first, second] = detectorsSaid({
      observations,
      detectors: DETECTORS,
      policy: POLICY,
      taskType: 'VideoModeration',
      plan: PLAN,
      looked: { nsfwjs: 20 },
    });
    expect(first).toMatchObject({ highest: 0.7, samples: 20, review: 0.5, block: 0.8 });
    expect(second).toMatchObject({ highest: null, samples: 0 });
  });
});
