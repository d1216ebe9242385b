import type { Point } from '../text-line.js';

/** A rectangle that may be turned; lengths and positions in pixels. */
export interface TurnedRectangle {
  centre: Point;
  /** Unit vector along `width`. `height` goes to its right hand, downwards for writing that is upright. */
  along: Point;
  width: number;
  height: number;
}

/** Corners in the order of writing: top left, top right, bottom right, bottom left. */
export function cornersOf({ centre, along, width, height }: TurnedRectangle): [Point, Point, Point, Point] {
  const corner = (right: number, down: number): Point => ({
    x: centre.x + along.x * width * right - along.y * height * down,
    y: centre.y + along.y * width * right + along.x * height * down,
  });
  return [corner(-0.5, -0.5), corner(0.5, -0.5), corner(0.5, 0.5), corner(-0.5, 0.5)];
}

/** The same rectangle, its width along what was its height, by quarters to the right. */
export function quarterTurned({ centre, along, width, height }: TurnedRectangle, quarters: 1 | 2 | 3): TurnedRectangle {
  if (quarters === 2) return { centre, along: { x: -along.x, y: -along.y }, width, height };
  const sign = quarters === 1 ? 1 : -1;
  return { centre, along: { x: -along.y * sign, y: along.x * sign }, width: height, height: width };
}

/** Corners of the smallest convex shape around the points, against the clock on a screen; by Andrew's monotone chain. */
export function convexHull(points: readonly Point[]): Point[] {
  const sorted = [...points].sort((a, b) => a.x - b.x || a.y - b.y);
  if (sorted.length < 3) return sorted;
  const half = (ordered: readonly Point[]): Point[] => {
    const chain: Point[] = [];
    for (const point of ordered) {
      while (chain.length >= 2 && turn(chain[chain.length - 2], chain[chain.length - 1], point) <= 0) chain.pop();
      chain.push(point);
    }
    return chain.slice(0, -1);
  };
  return [...half(sorted), ...half(sorted.reverse())];
}

function turn(a: Point | undefined, b: Point | undefined, c: Point): number {
  if (a === undefined || b === undefined) return 1;
  return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
}

/** The rectangle of the smallest area around the points, one of whose sides lies along a side of their hull; `null` of fewer than one. */
export function smallestRectangle(points: readonly Point[]): TurnedRectangle | null {
  const hull = convexHull(points);
  const [only] = hull;
  if (only === undefined) return null;
  let best: TurnedRectangle = { centre: only, along: { x: 1, y: 0 }, width: 0, height: 0 };
  let area = Infinity;
  hull.forEach((from, index) => {
    const to = hull[(index + 1) % hull.length] ?? from;
    const length = Math.hypot(to.x - from.x, to.y - from.y);
    if (length === 0) return;
    const rectangle = rectangleAlong(hull, { x: (to.x - from.x) / length, y: (to.y - from.y) / length });
    if (rectangle.width * rectangle.height >= area) return;
    area = rectangle.width * rectangle.height;
    best = rectangle;
  });
  return best;
}

function rectangleAlong(points: readonly Point[], along: Point): TurnedRectangle {
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const { x, y } of points) {
    const across = x * along.x + y * along.y;
    const down = y * along.x - x * along.y;
    left = Math.min(left, across);
    right = Math.max(right, across);
    top = Math.min(top, down);
    bottom = Math.max(bottom, down);
  }
  const [across, down] = [(left + right) / 2, (top + bottom) / 2];
  return {
    centre: { x: across * along.x - down * along.y, y: across * along.y + down * along.x },
    along,
    width: right - left,
    height: bottom - top,
  };
}

/** The same rectangle, named so that its width points right: at most an eighth of a turn from level. */
export function levelled(rectangle: TurnedRectangle): TurnedRectangle {
  const { x, y } = rectangle.along;
  if (Math.abs(x) >= Math.abs(y)) return x >= 0 ? rectangle : quarterTurned(rectangle, 2);
  return quarterTurned(rectangle, y > 0 ? 3 : 1);
}
