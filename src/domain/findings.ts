import type { Observation } from '../schema/observation.js';
import type { Scene } from '../schema/scene.js';
import type { Finding } from '../schema/verdict.js';

/** Findings that a verdict keeps for each scene: the highest scores; all observations are in the blobs. */
const MOST_FINDINGS = 50;
/** Samples of one thing that lie this close, in steps of the grid, are one finding: one in between that shows nothing does not divide it. */
const NEIGHBOUR = 2;

/**
 * Observations of the same thing on neighbouring samples as one finding each, from start to end, in the order of the video. `steps`: how far a sample is from the
 * first one, in steps of the grid; default its number.
 */
export function findingsOf(
  scene: Scene,
  observations: readonly Observation[],
  timeS: (sample: number) => number,
  steps: (sample: number) => number = (sample) => sample,
): Finding[] {
  const open = new Map<string, { finding: Finding; last: number }[]>();
  const found: Finding[] = [];
  for (const seen of [...observations].sort(inOrder(steps))) {
    const step = steps(seen.sample);
    const key = JSON.stringify([seen.detector, seen.class, seen.text, seen.match?.bank, seen.match?.entry]);
    const alike = open.get(key) ?? [];
    const known = alike.findLast((one) => step - one.last <= NEIGHBOUR && mayBeOne(one.finding, seen));
    const at = seen.span ?? { startS: timeS(seen.sample), endS: timeS(seen.sample) };
    if (known !== undefined) {
      if (step > known.last) known.finding.samples++;
      grow(known.finding, seen, at);
      known.last = step;
      continue;
    }
    const finding = begin(scene, seen, at);
    open.set(key, [...alike, { finding, last: step }]);
    found.push(finding);
  }
  return found
    .sort((a, b) => b.score - a.score || a.startS - b.startS)
    .slice(0, MOST_FINDINGS)
    .sort((a, b) => a.startS - b.startS || b.score - a.score);
}

/** What was said of a stretch is whole already: elsewhere in the picture it is another thing. Of single samples, things move from one to the next. */
function mayBeOne({ box }: Finding, seen: Observation): boolean {
  if (seen.span === undefined || box === undefined || seen.box === undefined) return true;
  const { x, y, width, height } = seen.box;
  return x < box.x + box.width && box.x < x + width && y < box.y + box.height && box.y < y + height;
}

/** By sample, the strongest first; whatever else may differ has an order too, so that the answer never depends on that of the observations. */
function inOrder(steps: (sample: number) => number): (a: Observation, b: Observation) => number {
  return (a, b) =>
    steps(a.sample) - steps(b.sample) || b.score - a.score || compare(JSON.stringify(a), JSON.stringify(b));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function begin(scene: Scene, seen: Observation, { startS, endS }: { startS: number; endS: number }): Finding {
  const { detector, class: kind, score, sample, box, text, match } = seen;
  return {
    scene,
    detector,
    class: kind,
    score,
    sample,
    samples: 1,
    startS,
    endS,
    ...(box && { box }),
    ...(text !== undefined && { text }),
    ...(match && { match }),
  };
}

function grow(finding: Finding, seen: Observation, at: { startS: number; endS: number }): void {
  finding.endS = Math.max(finding.endS, at.endS);
  if (seen.score <= finding.score) return;
  Object.assign(finding, { score: seen.score, sample: seen.sample, ...(seen.box && { box: seen.box }) });
  if (seen.match) finding.match = seen.match;
}
