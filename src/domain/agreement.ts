import type { Agreement } from '../schema/console/lead.js';
import { SCENES, type Scene } from '../schema/scene.js';

type Outcome = 'pass' | 'block';

/** What two people said of one scene of one task. */
interface TwoReadings {
  scene: Scene;
  reviewers: readonly [string, string];
  persons: readonly [Outcome, Outcome];
}

/**
 * How far two raters agree beyond chance: κ = (pₒ − pₑ) / (1 − pₑ), where pₒ is the share of cases on which they agree and pₑ the share on which they
 * would if each rated at random, as often `block` as they did. 1: always, 0: as chance would, below: less. `null` where chance alone would agree always,
 * or without any case. Jacob Cohen, A Coefficient of Agreement for Nominal Scales, Educational and Psychological Measurement 20 (1960), 37–46.
 */
export function cohensKappa(ratings: readonly (readonly [Outcome, Outcome])[]): number | null {
  const blockShare = (rater: 0 | 1): number =>
    ratings.filter((rating) => rating[rater] === 'block').length / ratings.length;
  const [first, second] = [blockShare(0), blockShare(1)];
  const byChance = first * second + (1 - first) * (1 - second);
  if (ratings.length === 0 || byChance === 1) return null;
  return (shareThatAgrees(ratings) - byChance) / (1 - byChance);
}

/**
 * Agreement by scene, of everybody and of each reviewer with all others. A pair of everybody's has no first and second rater: it counts in both orders, so
 * that both have the same share of `block`.
 */
export function agreementOf(pairs: readonly TwoReadings[]): Agreement[] {
  return SCENES.flatMap((scene) => {
    const ofScene = pairs.filter((pair) => pair.scene === scene);
    if (ofScene.length === 0) return [];
    const reviewers = [...new Set(ofScene.flatMap((pair) => pair.reviewers))].sort();
    const all = ofScene.flatMap(({ persons: [a, b] }): [Outcome, Outcome][] => [
      [a, b],
      [b, a],
    ]);
    return [
      { scene, reviewer: null, pairs: ofScene.length, observed: shareThatAgrees(all), kappa: cohensKappa(all) },
      ...reviewers.map((reviewer) => ofReviewer(scene, reviewer, ofScene)),
    ];
  });
}

function ofReviewer(scene: Scene, reviewer: string, pairs: readonly TwoReadings[]): Agreement {
  const ratings = pairs.flatMap(({ reviewers, persons: [a, b] }): [Outcome, Outcome][] => {
    if (!reviewers.includes(reviewer)) return [];
    return [reviewers[0] === reviewer ? [a, b] : [b, a]];
  });
  return {
    scene,
    reviewer,
    pairs: ratings.length,
    observed: shareThatAgrees(ratings),
    kappa: cohensKappa(ratings),
  };
}

function shareThatAgrees(ratings: readonly (readonly [Outcome, Outcome])[]): number {
  return ratings.filter(([a, b]) => a === b).length / ratings.length;
}
