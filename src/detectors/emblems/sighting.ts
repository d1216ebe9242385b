import type { Box } from '../../schema/observation.js';

/** A picture of a bank, as it was seen in a frame. */
export interface Sighting {
  /** Index of the picture. */
  template: number;
  /** 0–1. */
  score: number;
  /** 0–2: one less its correlation with what is there. */
  distance: number;
  box: Box;
}

/** Share of their common area from which on two sightings are of the same thing. */
const SAME_PLACE = 0.4;

/** The best sighting in each place, best first. */
export function bestInPlace<T extends Pick<Sighting, 'score' | 'box'>>(sightings: readonly T[]): T[] {
  const kept: T[] = [];
  for (const seen of [...sightings].sort((a, b) => b.score - a.score))
    if (!kept.some(({ box }) => overlap(box, seen.box) > SAME_PLACE)) kept.push(seen);
  return kept;
}

/** Area that two boxes share, by the area that either covers. */
export function overlap(one: Box, other: Box): number {
  const width = Math.min(one.x + one.width, other.x + other.width) - Math.max(one.x, other.x);
  const height = Math.min(one.y + one.height, other.y + other.height) - Math.max(one.y, other.y);
  if (width <= 0 || height <= 0) return 0;
  const both = width * height;
  return both / (one.width * one.height + other.width * other.height - both);
}

/** The upright box around points of a picture of this size, as shares of it, cut off at its edges, rounded to four decimals. */
export function boxAround(points: readonly { x: number; y: number }[], widthPx: number, heightPx: number): Box {
  const [left, right] = ends(points.map(({ x }) => x / widthPx));
  const [top, bottom] = ends(points.map(({ y }) => y / heightPx));
  return { x: left, y: top, width: rounded(right - left), height: rounded(bottom - top) };
}

function ends(values: readonly number[]): [number, number] {
  const within = values.map((value) => rounded(Math.min(1, Math.max(0, value))));
  return [Math.min(...within), Math.max(...within)];
}

const rounded = (value: number): number => Math.round(value * 1e4) / 1e4;
