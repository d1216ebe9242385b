import type { Standing } from './edge-counts.js';
import { ORIENTATIONS } from './edge-map.js';
import { areaOf, regionsOf, widened, type CellBox, type Region } from './regions.js';

/** Share of the samples in which an edge of an overlay must be there: what lies over a picture is hardly ever drowned by it. */
const STANDS = 0.75;
/** From this share on an edge counts as one that does not move, when it is asked whether the picture moves. */
const LINGERS = 0.5;
/** Cells between two parts of one overlay. */
const GAP = 2;
/** Fewer cells are a stain, a corner of a bar, or chance. */
const LEAST_CELLS = 6;
/** A larger share of the picture is a scene that stands still. */
const LARGEST = 0.25;
/** A line over this share of the picture's width or height is the edge of a bar. */
const BAR = 0.7;

/** A place where edges stood still in a stretch of samples, and how much moved around it. */
export interface Candidate extends Region {
  /** Share of the edges beside it that moved on, 0–1, and how many there were in a sample, as a share of cells. */
  beside: Movement;
  /** The same of all the picture but this place. */
  elsewhere: Movement;
  /** Share of the samples, 0–1, in which its edges were there, on the average. */
  stood: number;
}

export interface Movement {
  moved: number;
  density: number;
}

/** Places where edges stood still in these samples. */
export function candidatesIn(standing: Standing, width: number, height: number): Candidate[] {
  const marked = standing.same.map((same) => (same >= STANDS * standing.samples ? 1 : 0));
  const cells = Uint8Array.from(marked);
  removeBars(cells, standing.orientation, width, height);
  return regionsOf(cells, width, height, GAP)
    .filter((region) => isLikeASign(region, standing.orientation, width, height))
    .map((region) => ({ ...region, ...around(region, standing, width, height), stood: meanOf(region, standing) }));
}

/** Takes out rows and columns of edges that run along them over almost all of the picture, with those beside them. */
function removeBars(marked: Uint8Array, orientation: Uint8Array, width: number, height: number): void {
  const along = (cell: number, bin: number): boolean =>
    marked[cell] === 1 && isNear(orientation[cell] ?? 0, bin);
  const clear: number[] = [];
  for (let y = 0; y < height; y++) {
    const row = Array.from({ length: width }, (_, x) => y * width + x);
    if (row.filter((cell) => along(cell, UPRIGHT_GRADIENT)).length >= BAR * width) clear.push(...row);
  }
  for (let x = 0; x < width; x++) {
    const column = Array.from({ length: height }, (_, y) => y * width + x);
    if (column.filter((cell) => along(cell, LEVEL_GRADIENT)).length >= BAR * height) clear.push(...column);
  }
  for (const cell of clear) marked[cell] = 0;
}

/** Orientation of edges of which left and right differ, and of those of which above and below do. */
const LEVEL_GRADIENT = 1;
const UPRIGHT_GRADIENT = 1 + ORIENTATIONS / 2;

function isNear(orientation: number, bin: number): boolean {
  const apart = Math.abs(orientation - bin);
  return orientation !== 0 && (apart <= 1 || apart === ORIENTATIONS - 1);
}

/** Whether a region is neither a speck nor a line nor half of the picture. */
function isLikeASign({ cells, box }: Region, orientation: Uint8Array, width: number, height: number): boolean {
  if (cells.length < LEAST_CELLS || areaOf(box) > LARGEST * width * height) return false;
  if (box.right - box.left < 2 || box.bottom - box.top < 2) return false;
  return minorShare(cells, orientation) >= 0.15;
}

/** Share of the cells whose edges do not run the way of the most. */
function minorShare(cells: readonly number[], orientation: Uint8Array): number {
  const counts = new Array<number>(ORIENTATIONS + 1).fill(0);
  for (const cell of cells) {
    const bin = orientation[cell] ?? 0;
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  const sums = Array.from({ length: ORIENTATIONS }, (_, bin) =>
    [-1, 0, 1].reduce((sum, by) => sum + (counts[1 + ((bin + by + ORIENTATIONS) % ORIENTATIONS)] ?? 0), 0),
  );
  return 1 - Math.max(...sums) / cells.length;
}

function around(
  { box }: Region,
  standing: Standing,
  width: number,
  height: number,
): Pick<Candidate, 'beside' | 'elsewhere'> {
  const own = widened(box, 1, width, height);
  const reach = Math.max(6, box.right - box.left, box.bottom - box.top);
  const near = widened(box, reach, width, height);
  return {
    beside: movement(standing, width, near, own),
    elsewhere: movement(standing, width, { left: 0, top: 0, right: width, bottom: height }, own),
  };
}

/** How much moved within one box and outside of another. */
function movement({ same, any, samples }: Standing, width: number, within: CellBox, except: CellBox): Movement {
  let [edges, stayed, cells] = [0, 0, 0];
  for (let y = within.top; y < within.bottom; y++)
    for (let x = within.left; x < within.right; x++) {
      if (y >= except.top && y < except.bottom && x >= except.left && x < except.right) continue;
      const cell = y * width + x;
      cells++;
      edges += any[cell] ?? 0;
      if ((same[cell] ?? 0) >= LINGERS * samples) stayed += same[cell] ?? 0;
    }
  return { moved: edges === 0 ? 0 : 1 - stayed / edges, density: cells === 0 ? 0 : edges / (cells * samples) };
}

function meanOf({ cells }: Region, { same, samples }: Standing): number {
  return cells.reduce((sum, cell) => sum + (same[cell] ?? 0), 0) / (cells.length * samples);
}
