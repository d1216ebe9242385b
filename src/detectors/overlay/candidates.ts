import { isSameEdge, type Standing } from './edge-counts.js';
import { ORIENTATIONS } from './edge-map.js';
import { areaOf, joined, regionsOf, widened, type CellBox, type Region } from './regions.js';

/** Share of the samples in which an edge of an overlay must be there: what lies over a picture is seldom drowned by it. */
const STANDS = 0.75;
/** From this share on an edge counts as one that does not move, when it is asked whether the picture moves. */
const LINGERS = 0.5;
/** Cells between two letters of one overlay. */
const GAP = 2;
/** How close two parts of one overlay are, as a share of the smaller one's longer side. */
const PARTS = 0.25;
/** Fewer cells are a stain, the corner of a bar, or chance. */
const LEAST_CELLS = 6;
/** What covers a larger share of the picture is a scene that stands still. */
const LARGEST = 0.25;
/** A line over this share of the picture's width or height is the edge of a bar. */
const BAR = 0.7;
/** Share of the cells that must not run the way of the others: of a mere line, as the horizon when the camera turns, all do. */
const TURNS = 0.15;
/** Share of all other edges that must have moved on. */
const MOVED = 0.6;
/** The same of those close by, where there are enough to say so. */
const MOVED_BESIDE = 0.4;
/** Edges in a sample, as a share of cells, from which on one can say whether they moved. */
const TELLING = 0.02;

/** A place where edges stood still in a stretch of samples, while the picture moved. */
export interface Candidate extends Region {
  /** Share of the edges elsewhere that moved on, 0–1. */
  moved: number;
}

/** What stood still in a stretch of samples. */
export interface Stretch {
  candidates: Candidate[];
  /** Whether the picture moved enough, and had enough in it, for anything to be said. */
  isTelling: boolean;
}

/** Places where edges stood still in these samples while the picture moved. */
export function candidatesIn(standing: Standing, width: number, height: number): Stretch {
  const whole = { left: 0, top: 0, right: width, bottom: height };
  const regions = standingRegions(standing, STANDS, width, height);
  const inAll = movement(standing, width, whole, NOWHERE);
  const candidates = regions.flatMap((region): Candidate[] => {
    const own = widened(region.box, 1, width, height);
    const elsewhere = movement(standing, width, whole, own);
    const beside = movement(standing, width, widened(region.box, reachOf(region), width, height), own);
    const isMoving = elsewhere.moved >= MOVED && elsewhere.density >= TELLING;
    const isCutOut = beside.moved >= MOVED_BESIDE || beside.density < TELLING;
    return isMoving && isCutOut ? [{ ...region, moved: elsewhere.moved }] : [];
  });
  return { candidates, isTelling: candidates.length > 0 || (inAll.moved >= MOVED && inAll.density >= TELLING) };
}

/** Groups of cells that showed the same edge in this share of the samples, and that may be a sign by their size and shape. */
export function standingRegions(standing: Standing, share: number, width: number, height: number): Region[] {
  const least = Math.max(1, share * standing.samples);
  const marked = Uint8Array.from(standing.same, (same) => (same >= least ? 1 : 0));
  removeBars(marked, standing.orientation, width, height);
  return joined(regionsOf(marked, width, height, GAP), PARTS, GAP).filter((region) =>
    isLikeASign(region, standing.orientation, width, height),
  );
}

/** Orientation of edges whose left and right differ, and of those whose upper and lower side do. */
const LEVEL_GRADIENT = 1;
const UPRIGHT_GRADIENT = 1 + ORIENTATIONS / 2;

/** Takes out the rows and columns in which edges run along them over almost all of the picture. */
function removeBars(marked: Uint8Array, orientation: Uint8Array, width: number, height: number): void {
  const lines = [
    ...Array.from({ length: height }, (_, y) => ({ bin: UPRIGHT_GRADIENT, cells: line(y * width, 1, width) })),
    ...Array.from({ length: width }, (_, x) => ({ bin: LEVEL_GRADIENT, cells: line(x, width, height) })),
  ];
  const bars = lines.filter(
    ({ bin, cells }) =>
      cells.filter((cell) => marked[cell] === 1 && isSameEdge(orientation[cell] ?? 0, bin)).length >=
      BAR * cells.length,
  );
  for (const { cells } of bars) for (const cell of cells) marked[cell] = 0;
}

function line(start: number, step: number, length: number): number[] {
  return Array.from({ length }, (_, index) => start + index * step);
}

/** Whether a region is neither a speck nor a line nor half of the picture. */
function isLikeASign({ cells, box }: Region, orientation: Uint8Array, width: number, height: number): boolean {
  if (cells.length < LEAST_CELLS || areaOf(box) > LARGEST * width * height) return false;
  const alike = Array.from(
    { length: ORIENTATIONS },
    (_, bin) => cells.filter((cell) => isSameEdge(orientation[cell] ?? 0, bin + 1)).length,
  );
  return Math.max(...alike) <= (1 - TURNS) * cells.length;
}

/** Cells around a region in which the picture is asked whether it moved. */
function reachOf({ box }: Region): number {
  return Math.max(6, box.right - box.left, box.bottom - box.top);
}

const NOWHERE: CellBox = { left: 0, top: 0, right: 0, bottom: 0 };

interface Movement {
  /** Share of the edges that moved on, 0–1. */
  moved: number;
  /** Edges in a sample, as a share of cells. */
  density: number;
}

/** How much moved within one box and outside of another. */
function movement({ same, any, samples }: Standing, width: number, within: CellBox, except: CellBox): Movement {
  let [edges, stayed, cells] = [0, 0, 0];
  for (let y = within.top; y < within.bottom; y++)
    for (let x = within.left; x < within.right; x++) {
      if (y >= except.top && y < except.bottom && x >= except.left && x < except.right) continue;
      const cell = y * width + x;
      const often = same[cell] ?? 0;
      cells++;
      edges += any[cell] ?? 0;
      if (often >= LINGERS * samples) stayed += often;
    }
  return { moved: edges === 0 ? 0 : 1 - stayed / edges, density: cells === 0 ? 0 : edges / (cells * samples) };
}
