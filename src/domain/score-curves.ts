import type { ScoresView } from '../schema/console/task.js';
import type { DetectorInfo } from '../schema/detector-info.js';
import { OBSERVATION_FLOOR, type ChunkRef, type Looked, type Observation } from '../schema/observation.js';
import type { Policy } from '../schema/policy.js';
import { speaksFor } from './labels.js';

/** The most points of one curve. */
export const MAX_POINTS = 2000;

type Curve = ScoresView['curves'][number];
type Point = Curve['points'][number];

/** What curves are drawn from. */
export interface CurveInput {
  observations: readonly Observation[];
  detectors: readonly DetectorInfo[];
  /** Thresholds of the policy that decided, own rules included; `null`: it is not known any more. */
  policy: Policy | null;
  /** Ranges of samples that were classified. */
  inspected: readonly Pick<ChunkRef, 'from' | 'to'>[];
  looked?: Readonly<Looked> | undefined;
  timeS: (sample: number) => number;
}

/**
 * Scores over time, a curve for each class of each detector that speaks for a scene and reaches the floor anywhere. Where a detector that looked at every sample
 * says nothing of a sample, its score there is 0.
 */
export function scoreCurves(input: CurveInput): Curve[] {
  return input.detectors.flatMap((detector) => {
    const { name, scene } = detector;
    const rule = input.policy?.scenes[scene]?.detectors[name];
    const said = input.observations.filter((seen) => seen.detector === name && speaksFor(scene, seen));
    const classes = [...new Set(said.map((seen) => seen.class))].sort();
    return classes.flatMap((kind): Curve[] => {
      const ofClass = said.filter((seen) => seen.class === kind);
      if (!ofClass.some(({ score }) => score >= OBSERVATION_FLOOR)) return [];
      const points = downsample(pointsOf(ofClass, input, name));
      return [{ scene, detector: name, class: kind, review: rule?.review ?? null, block: rule?.block ?? null, points }];
    });
  });
}

/** At most so many points, of which the highest of each stretch stay. */
export function downsample(points: readonly Point[], most = MAX_POINTS): Point[] {
  if (points.length <= most) return [...points];
  const kept: Point[] = [];
  for (let bucket = 0; bucket < most; bucket++) {
    const from = Math.floor((bucket * points.length) / most);
    const to = Math.floor(((bucket + 1) * points.length) / most);
    kept.push(points.slice(from, to).reduce((a, b) => (b[1] > a[1] ? b : a)));
  }
  return kept;
}

function pointsOf(said: readonly Observation[], { inspected, looked, timeS }: CurveInput, name: string): Point[] {
  const byTime = new Map<number, number>();
  const raise = (at: number, score: number): void => {
    byTime.set(at, Math.max(score, byTime.get(at) ?? 0));
  };
  const samples = new Set(said.map(({ sample }) => sample));
  for (const { sample, score, span } of said) {
    raise(timeS(sample), score);
    if (span === undefined) continue;
    raise(span.startS, score);
    raise(span.endS, score);
  }
  // Numbers of samples are not their order: some may have been taken in a second pass.
  const ordered = inspected
    .flatMap(({ from, to }) => Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index))
    .sort((a, b) => timeS(a) - timeS(b));
  if (looked?.[name] === ordered.length) {
    // Only beside what it said: the curve is straight in between.
    ordered.forEach((sample, place) => {
      const isBeside = [ordered[place - 1], ordered[place + 1]].some(
        (other) => other !== undefined && samples.has(other),
      );
      if (isBeside) raise(timeS(sample), 0);
    });
  }
  return [...byTime].sort(([a], [b]) => a - b);
}
