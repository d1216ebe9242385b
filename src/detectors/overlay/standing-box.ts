import { sampleTimeS } from '../../domain/sample-plan.js';
import type { Observation } from '../../schema/observation.js';
import type { Classified } from '../detector.js';
import type { CellBox } from './regions.js';
import type { SampleEdges } from './sample-edges.js';

/** A place whose edges stood for some samples, counted from 0 in the order of the maps. */
export interface StandingBox {
  /** In cells; the outermost edges lie in its outermost ones. */
  box: CellBox;
  /** First and last sample that shows it. */
  first: number;
  last: number;
  /** The sample that shows it best. */
  clearest: number;
  /** 0–1. */
  score: number;
}

/** Where and when it stood, in the terms of the video: what its observation says besides whose it is and of which class. */
export function standing(
  { box, first, last, clearest, score }: StandingBox,
  seen: readonly SampleEdges[],
  classified: Pick<Classified, 'plan' | 'video'>,
): Required<Pick<Observation, 'sample' | 'score' | 'box' | 'span'>> {
  const { width = 1, height = 1 } = seen[clearest]?.map ?? {};
  // An edge is in the middle of its cell, so half of the outermost ones lies outside.
  const [left, top] = [(box.left + 0.5) / width, (box.top + 0.5) / height];
  const [right, bottom] = [(box.right - 0.5) / width, (box.bottom - 0.5) / height];
  return {
    sample: seen[clearest]?.sample ?? 0,
    score: rounded(score),
    box: { x: rounded(left), y: rounded(top), width: rounded(right - left), height: rounded(bottom - top) },
    span: spanOf(first, last, seen, classified),
  };
}

/** From one sample to another, by their places among the maps. */
export function spanOf(
  first: number,
  last: number,
  seen: readonly SampleEdges[],
  { plan, video }: Pick<Classified, 'plan' | 'video'>,
): Required<Observation>['span'] {
  const timeS = (index: number): number => sampleTimeS(plan, video.timeBase, seen[index]?.sample ?? 0);
  return { startS: timeS(first), endS: timeS(last) };
}

/** Six decimals, as all numbers of observations. */
export function rounded(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}
