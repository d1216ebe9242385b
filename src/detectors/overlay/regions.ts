/** A rectangle of cells; `right` and `bottom` are one past the last. */
export interface CellBox {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** Cells that lie together. */
export interface Region {
  box: CellBox;
  /** Indices of its cells, ascending. */
  cells: number[];
}

/** Groups marked cells that are at most `gap` cells apart, so that the letters of one sign are one region. */
export function regionsOf(marked: Uint8Array, width: number, height: number, gap: number): Region[] {
  const seen = new Uint8Array(marked.length);
  const regions: Region[] = [];
  marked.forEach((mark, start) => {
    if (mark === 0 || seen[start] === 1) return;
    const cells: number[] = [];
    const waiting = [start];
    seen[start] = 1;
    for (let cell = waiting.pop(); cell !== undefined; cell = waiting.pop()) {
      cells.push(cell);
      const [x, y] = [cell % width, Math.floor(cell / width)];
      for (let row = Math.max(0, y - gap); row <= Math.min(height - 1, y + gap); row++)
        for (let column = Math.max(0, x - gap); column <= Math.min(width - 1, x + gap); column++) {
          const next = row * width + column;
          if (marked[next] === 0 || seen[next] === 1) continue;
          seen[next] = 1;
          waiting.push(next);
        }
    }
    regions.push({ cells: cells.sort((a, b) => a - b), box: boxOf(cells, width) });
  });
  return regions;
}

/** Joins regions that are close to each other for their size, as eyes and mouth of one face: closer than a share of the smaller one's longer side. */
export function joined(regions: readonly Region[], share: number, least: number): Region[] {
  const whole: Region[] = [...regions];
  for (let index = 0; index < whole.length; index++) {
    const region = whole[index];
    if (region === undefined) continue;
    const other = whole.findIndex((it, at) => at > index && distance(region.box, it.box) <= reach(region, it));
    const near = whole[other];
    if (near === undefined) continue;
    whole.splice(other, 1);
    whole[index] = { cells: [...region.cells, ...near.cells].sort((a, b) => a - b), box: around(region.box, near.box) };
    // What was too far from either may be close to both.
    index = -1;
  }
  return whole;

  function reach(a: Region, b: Region): number {
    return Math.max(least, share * Math.min(longerSide(a.box), longerSide(b.box)));
  }
}

function longerSide({ left, top, right, bottom }: CellBox): number {
  return Math.max(right - left, bottom - top);
}

/** Cells between two boxes, along the axis on which they are further apart; negative where they overlap. */
function distance(a: CellBox, b: CellBox): number {
  return Math.max(a.left - b.right, b.left - a.right, a.top - b.bottom, b.top - a.bottom);
}

/** The smallest box that holds both. */
function around(a: CellBox, b: CellBox): CellBox {
  return {
    left: Math.min(a.left, b.left),
    top: Math.min(a.top, b.top),
    right: Math.max(a.right, b.right),
    bottom: Math.max(a.bottom, b.bottom),
  };
}

export function boxOf(cells: readonly number[], width: number): CellBox {
  const box = { left: Infinity, top: Infinity, right: 0, bottom: 0 };
  for (const cell of cells) {
    const [x, y] = [cell % width, Math.floor(cell / width)];
    box.left = Math.min(box.left, x);
    box.top = Math.min(box.top, y);
    box.right = Math.max(box.right, x + 1);
    box.bottom = Math.max(box.bottom, y + 1);
  }
  return box;
}

/** The box with so many cells more on each side, within the grid. */
export function widened({ left, top, right, bottom }: CellBox, by: number, width: number, height: number): CellBox {
  return {
    left: Math.max(0, left - by),
    top: Math.max(0, top - by),
    right: Math.min(width, right + by),
    bottom: Math.min(height, bottom + by),
  };
}

/** Cells of a box. */
export function areaOf({ left, top, right, bottom }: CellBox): number {
  return Math.max(0, right - left) * Math.max(0, bottom - top);
}

/** The part that two boxes share, of the smaller one: 0–1. */
export function overlap(a: CellBox, b: CellBox): number {
  const both = areaOf({
    left: Math.max(a.left, b.left),
    top: Math.max(a.top, b.top),
    right: Math.min(a.right, b.right),
    bottom: Math.min(a.bottom, b.bottom),
  });
  return both === 0 ? 0 : both / Math.min(areaOf(a), areaOf(b));
}
