import type { Observation } from '../../src/schema/observation.js';
import { spread } from '../reference/report.js';
import type { ProductRun } from './product.js';

/** Whether two runs on one video come to the same: their verdicts, and how far scores of the same sample, detector and class differ. */
export function compareRuns(exact: ProductRun | undefined, fast: ProductRun | undefined): string[] {
  if (exact === undefined || fast === undefined) return [];
  const scores = new Map(exact.observations.map((each) => [keyOf(each), each.score]));
  const differences = fast.observations.flatMap((each) => {
    const score = scores.get(keyOf(each));
    return score === undefined ? [] : [Math.abs(each.score - score)];
  });
  const [median, p99, max] = spread(differences);
  const [a, b] = [exact, fast].map(({ verdict }) => JSON.stringify([verdict.suggestion, verdict.categories]));
  const frames = (run: ProductRun): string =>
    `${run.verdict.suggestion}, ${run.verdict.blockFrames.length} block frames`;
  return [
    `exact against fast: verdict ${a === b ? 'equal' : 'DIFFERENT'} (${frames(exact)}; ${frames(fast)}); ` +
      `|Δ score| over ${differences.length} of ${exact.observations.length} scores: median ${median}, p99 ${p99}, max ${max}`,
  ];
}

function keyOf({ detector, sample, class: seen }: Observation): string {
  return `${detector} ${sample} ${seen}`;
}
