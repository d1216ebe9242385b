import type { Standing } from './edge-counts.js';
import type { CellBox } from './regions.js';

/** From this share of the samples on an edge counts as one that does not move, when it is asked whether the picture moves. */
const LINGERS = 0.5;

/** Edges of a part of the picture, counted over samples. */
export interface Sums {
  cells: number;
  edges: number;
  /** Of these, those that did not move. */
  stayed: number;
}

/** No part of it. */
export const NOTHING: Sums = { cells: 0, edges: 0, stayed: 0 };

/** The edges within a box. */
export function sumsIn({ same, any, samples }: Standing, width: number, { left, top, right, bottom }: CellBox): Sums {
  const sums = { cells: (right - left) * (bottom - top), edges: 0, stayed: 0 };
  for (let y = top; y < bottom; y++)
    for (let cell = y * width + left; cell < y * width + right; cell++) {
      const often = same[cell] ?? 0;
      sums.edges += any[cell] ?? 0;
      if (often >= LINGERS * samples) sums.stayed += often;
    }
  return sums;
}

/** How much moved. */
export interface Movement {
  /** Share of the edges that moved on, 0–1. */
  moved: number;
  /** Edges in a sample, as a share of cells. */
  density: number;
}

/** How much moved in one part of the picture, less another within it. */
export function movementOf(whole: Sums, part: Sums, samples: number): Movement {
  const [cells, edges] = [whole.cells - part.cells, whole.edges - part.edges];
  return {
    moved: edges === 0 ? 0 : 1 - (whole.stayed - part.stayed) / edges,
    density: cells === 0 ? 0 : edges / (cells * samples),
  };
}
