import { isSameEdge, type Standing } from '../overlay/edge-counts.js';
import { LEVEL_GRADIENT, UPRIGHT_GRADIENT } from '../overlay/edge-map.js';
import type { CellBox } from '../overlay/regions.js';

/** Share of the samples in which an edge must be there to be one of a border: content on either side drowns it at times. */
const STANDS = 0.5;
/** Cells that may be missing in a row within one line. */
const GAP = 4;
/** Share of a side of a rectangle along which its edge must be there, and of all sides together. */
const SIDE = 0.6;
const SIDES = 0.75;
/** A rectangle's sides, as shares of the picture's: smaller ones are marks, larger ones frames around the picture. */
const LEAST_SIDE = 0.12;
const MOST_SIDE = 0.75;
/** Lines of either direction that are tried, the longest. */
const MOST_LINES = 40;
/** Cells at the picture's border: bars and frames end there, and what a camera films may. */
const BORDER = 2;
/** Cells beyond a corner in which lines of windows, shelves and tables go on, and share of those that do. */
const BEYOND = 8;
const GOES_ON = 0.5;

/** A rectangle of standing edges. */
export interface Rectangle {
  /** Its edges lie in the outermost cells. */
  box: CellBox;
  /** Share of its sides along which the edge stands, 0–1. */
  closed: number;
}

/** A straight line of standing edges: in column or row `at`, from … to before … */
interface Line {
  at: number;
  from: number;
  to: number;
}

/** Standing edges of one direction, with sums along the lines, so that any part of one is counted at once. */
class Lines {
  readonly all: Line[];
  private readonly sums: Uint16Array;

  constructor(
    { same, orientation, samples }: Standing,
    private readonly count: number,
    private readonly length: number,
    gradient: number,
    cellOf: (line: number, at: number) => number,
  ) {
    const is = (line: number, at: number): boolean => {
      const cell = cellOf(line, at);
      return (same[cell] ?? 0) >= STANDS * samples && isSameEdge(orientation[cell] ?? 0, gradient);
    };
    this.sums = new Uint16Array(count * (length + 1));
    this.all = [];
    for (let line = 0; line < count; line++) {
      const start = line * (length + 1);
      const own = Array.from({ length }, (_, at) => is(line, at));
      // An edge lies in one of two neighbouring cells, as it happens.
      const near = own.map(
        (here, at) => here || (line > 0 && is(line - 1, at)) || (line + 1 < count && is(line + 1, at)),
      );
      near.forEach((here, at) => {
        this.sums[start + at + 1] = (this.sums[start + at] ?? 0) + (here ? 1 : 0);
      });
      this.all.push(...runs(own, near, LEAST_SIDE * length * SIDE).map((run) => ({ at: line, ...run })));
    }
    this.all.sort((a, b) => b.to - b.from - (a.to - a.from) || a.at - b.at || a.from - b.from).splice(MOST_LINES);
  }

  /** Share of the cells from … to before … along a line that have such an edge, or whose neighbour across it has. */
  share(line: number, from: number, to: number): number {
    const [begin, end] = [Math.max(0, from), Math.min(this.length, to)];
    if (end <= begin) return 0;
    const start = line * (this.length + 1);
    return ((this.sums[start + end] ?? 0) - (this.sums[start + begin] ?? 0)) / (end - begin);
  }
}

function runs(own: readonly boolean[], near: readonly boolean[], least: number): { from: number; to: number }[] {
  const found: { from: number; to: number; own: number }[] = [];
  near.forEach((here, at) => {
    if (!here) return;
    const last = found.at(-1);
    if (last === undefined || at - last.to > GAP) found.push({ from: at, to: at + 1, own: own[at] === true ? 1 : 0 });
    else {
      last.to = at + 1;
      if (own[at] === true) last.own++;
    }
  });
  return found
    .filter((run) => run.to - run.from >= least && run.own >= least / 2)
    .map(({ from, to }) => ({ from, to }));
}

/** Rectangles that standing edges form, the most closed first; of those that differ by a cell or two the best. */
export function rectanglesIn(standing: Standing, width: number, height: number): Rectangle[] {
  const level = new Lines(standing, height, width, UPRIGHT_GRADIENT, (y, x) => y * width + x);
  const upright = new Lines(standing, width, height, LEVEL_GRADIENT, (x, y) => y * width + x);
  const found: Rectangle[] = [];
  for (const [top, bottom] of pairs(level.all, height))
    for (const [left, right] of pairs(upright.all, width)) {
      const box = { left: left.at, top: top.at, right: right.at + 1, bottom: bottom.at + 1 };
      const meets = [top, bottom].every((line) => line.from < box.right && line.to > box.left);
      const crosses = [left, right].every((line) => line.from < box.bottom && line.to > box.top);
      if (!meets || !crosses) continue;
      const closed = closedness(box, level, upright);
      if (closed !== null) found.push({ box, closed });
    }
  found.sort((a, b) => b.closed - a.closed);
  return found.filter((one, index) => !found.slice(0, index).some((better) => isSame(one.box, better.box)));
}

function pairs(lines: readonly Line[], length: number): [Line, Line][] {
  const inside = lines.filter(({ at }) => at >= BORDER && at < length - BORDER);
  return inside.flatMap((first) =>
    inside.flatMap((second): [Line, Line][] => {
      const apart = second.at - first.at;
      return apart >= LEAST_SIDE * length && apart <= MOST_SIDE * length ? [[first, second]] : [];
    }),
  );
}

/** Share of all sides that is there; `null` where one of them is open, or where they go on as lines. */
function closedness({ left, top, right, bottom }: CellBox, level: Lines, upright: Lines): number | null {
  const sides = [
    { lines: level, at: top, from: left, to: right },
    { lines: level, at: bottom - 1, from: left, to: right },
    { lines: upright, at: left, from: top, to: bottom },
    { lines: upright, at: right - 1, from: top, to: bottom },
  ];
  let [there, whole, on] = [0, 0, 0];
  for (const { lines, at, from, to } of sides) {
    const share = lines.share(at, from, to);
    if (share < SIDE) return null;
    there += share * (to - from);
    whole += to - from;
    if (lines.share(at, from - BEYOND, from - 1) >= GOES_ON) on++;
    if (lines.share(at, to + 1, to + BEYOND) >= GOES_ON) on++;
  }
  return there >= SIDES * whole && on <= 2 ? there / whole : null;
}

/** Whether two boxes are the same but for a few cells. */
export function isSame(a: CellBox, b: CellBox): boolean {
  const sides = ['left', 'top', 'right', 'bottom'] as const;
  return sides.every((side) => Math.abs(a[side] - b[side]) <= 3);
}
