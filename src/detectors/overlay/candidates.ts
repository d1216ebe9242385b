import { isSameEdge, type Standing } from './edge-counts.js';
import { LEVEL_GRADIENT, ORIENTATIONS, UPRIGHT_GRADIENT } from './edge-map.js';
import { movementOf, NOTHING, sumsIn } from './movement.js';
import { areaOf, joined, regionsOf, widened, type Region } from './regions.js';

/** Share of the samples in which an edge of an overlay must be there: what lies over a picture is seldom drowned by it. */
const STANDS = 0.75;
/** Cells between two letters of one overlay. */
const GAP = 2;
/** How close two parts of one overlay are, as a share of the smaller one's longer side. */
const PARTS = 0.25;
/** Fewer cells are a stain, the corner of a bar, or chance. */
const LEAST_CELLS = 6;
/** What covers a larger share of the picture is a scene that stands still. */
const LARGEST = 0.25;
/** A straight edge over this share of the picture's width or height is that of a bar. */
const BAR = 0.4;
/** Cells at either end of such an edge that belong to it. */
const CORNER = 3;
/** Share of the cells that must not run the way of the others: of a mere line, as the horizon when the camera turns, all do. */
const TURNS = 0.15;
/** Share of all other edges that must have moved on. */
const MOVED = 0.6;
/** The same of those close by, where there are enough to say so. */
const MOVED_BESIDE = 0.4;
/** With less movement than this in all of the picture no place in it can have stood out. */
const HARDLY = 0.25;
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
  const inAll = sumsIn(standing, width, { left: 0, top: 0, right: width, bottom: height });
  const all = movementOf(inAll, NOTHING, standing.samples);
  if (all.moved < HARDLY) return { candidates: [], isTelling: false };
  const candidates = standingRegions(standing, STANDS, width, height).flatMap((region): Candidate[] => {
    const own = sumsIn(standing, width, widened(region.box, 1, width, height));
    const near = sumsIn(standing, width, widened(region.box, reachOf(region), width, height));
    const elsewhere = movementOf(inAll, own, standing.samples);
    const beside = movementOf(near, own, standing.samples);
    const isMoving = elsewhere.moved >= MOVED && elsewhere.density >= TELLING;
    const isCutOut = beside.moved >= MOVED_BESIDE || beside.density < TELLING;
    return isMoving && isCutOut ? [{ ...region, moved: elsewhere.moved }] : [];
  });
  return { candidates, isTelling: candidates.length > 0 || (all.moved >= MOVED && all.density >= TELLING) };
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

/** Takes out straight edges that are as long as those of bars, with what lies right beside them and where they meet. */
function removeBars(marked: Uint8Array, orientation: Uint8Array, width: number, height: number): void {
  const isAlong = (cell: number, bin: number): boolean => marked[cell] === 1 && isSameEdge(orientation[cell] ?? 0, bin);
  const clear: number[] = [];
  const sweep = (lines: number, length: number, across: number, along: number, bin: number): void => {
    for (let nth = 0; nth < lines; nth++) {
      const start = nth * across;
      for (const { from, to } of longRuns(length, BAR * length, (at) => isAlong(start + at * along, bin)))
        for (let at = Math.max(0, from - CORNER); at < Math.min(length, to + CORNER); at++)
          for (const beside of [-1, 0, 1]) clear.push(start + at * along + beside * across);
    }
  };
  sweep(height, width, width, 1, UPRIGHT_GRADIENT);
  sweep(width, height, 1, width, LEVEL_GRADIENT);
  for (const cell of clear) if (cell >= 0 && cell < marked.length) marked[cell] = 0;
}

/** Runs of at least this length, broken by a few cells at most. */
function longRuns(length: number, least: number, is: (at: number) => boolean): { from: number; to: number }[] {
  const runs: { from: number; to: number }[] = [];
  let [from, to] = [0, -Infinity];
  for (let at = 0; at <= length; at++) {
    if (at === length || at - to > GAP) {
      if (to - from >= least) runs.push({ from, to });
      to = -Infinity;
    }
    if (at === length || !is(at)) continue;
    if (to === -Infinity) from = at;
    to = at + 1;
  }
  return runs;
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
