import { EdgeCounts, isSameEdge } from '../overlay/edge-counts.js';
import { LEVEL_GRADIENT, UPRIGHT_GRADIENT, type EdgeMap } from '../overlay/edge-map.js';
import { movementOf, NOTHING, sumsIn } from '../overlay/movement.js';
import { widened, type CellBox } from '../overlay/regions.js';
import type { StandingBox } from '../overlay/standing-box.js';
import { isSame, rectanglesIn, type Rectangle } from './rectangles.js';

/** Samples that are looked at together, how many further on the next ones begin, and with how many nothing can be said. */
const WINDOW = 12;
const STEP = 4;
export const LEAST_SAMPLES = 6;
/** A rectangle must be seen in so many of these stretches: chance closes one in a single one. */
const LEAST_STRETCHES = 2;
/** Share of the edges that must have moved on, inside: in a still one lies no picture that moves by itself. */
const MOVED_INSIDE = 0.5;
/** The same outside: of windows and monitors before a still camera it cannot be told what they are. */
const MOVED_OUTSIDE = 0.4;
/** The same of all of the picture, borders included: with less, neither of the two is possible. */
const MOVED_AT_ALL = 0.3;
/** Edges in a sample, as a share of cells, inside and outside: less is a bar, or nothing. */
const TELLING = 0.05;
/** Cells within a border that are not asked whether they moved. */
const BORDER = 1;
/** Share of its border by which a rectangle is seen in one sample. */
const PRESENT = 0.5;

interface Sighting extends Rectangle {
  /** Samples from … to before … */
  from: number;
  to: number;
}

/**
 * Finds rectangles whose edges stand while the picture moves both inside and around them, over maps of one size in the order of time. Pauses after each stretch, so
 * that who runs it can let others have their turn.
 */
export function* findInsets(maps: readonly EdgeMap[]): Generator<undefined, StandingBox[]> {
  const groups: Sighting[][] = [];
  for (const sighting of yield* sightingsIn(maps)) {
    const known = groups.find((others) => others.some(({ box }) => isSame(box, sighting.box)));
    if (known === undefined) groups.push([sighting]);
    else known.push(sighting);
  }
  const found = groups
    .filter((group) => new Set(group.map(({ from }) => from)).size >= LEAST_STRETCHES)
    .flatMap((group) => insetOf(group, maps))
    .sort((a, b) => b.score - a.score || a.first - b.first);
  return found.filter((one, index) => !found.slice(0, index).some((better) => isPartOf(one, better)));
}

function* sightingsIn(maps: readonly EdgeMap[]): Generator<undefined, Sighting[]> {
  const [map] = maps;
  if (map === undefined) return [];
  const { width, height } = map;
  const sightings: Sighting[] = [];
  for (let from = 0; from + LEAST_SAMPLES <= maps.length; from += STEP) {
    const stretch = maps.slice(from, from + WINDOW);
    const counts = new EdgeCounts(width * height);
    for (const one of stretch) counts.add(one);
    const standing = counts.standing();
    const all = sumsIn(standing, width, { left: 0, top: 0, right: width, bottom: height });
    // Still pictures are full of rectangles that would all be tried for nothing.
    if (movementOf(all, NOTHING, standing.samples).moved < MOVED_AT_ALL) continue;
    for (const rectangle of rectanglesIn(standing, width, height)) {
      const own = sumsIn(standing, width, rectangle.box);
      const inside = movementOf(sumsIn(standing, width, inner(rectangle.box)), NOTHING, standing.samples);
      const outside = movementOf(all, own, standing.samples);
      const isTelling = inside.density >= TELLING && outside.density >= TELLING;
      if (isTelling && inside.moved >= MOVED_INSIDE && outside.moved >= MOVED_OUTSIDE)
        sightings.push({ ...rectangle, from, to: from + stretch.length });
    }
    yield;
  }
  return sightings;
}

function inner({ left, top, right, bottom }: CellBox): CellBox {
  const by = BORDER + 1;
  return { left: left + by, top: top + by, right: right - by, bottom: bottom - by };
}

/** From the first to the last sample that shows its border, of the stretches that it was seen in; the strongest one gives its place. */
function insetOf(group: readonly Sighting[], maps: readonly EdgeMap[]): StandingBox[] {
  const best = group.reduce((a, b) => (b.closed > a.closed ? b : a));
  const [from, to] = [Math.min(...group.map((one) => one.from)), Math.max(...group.map((one) => one.to))];
  const shares = maps.slice(from, to).map((map) => borderShare(map, best.box));
  const isShown = (share: number): boolean => share >= PRESENT;
  const [first, last] = [shares.findIndex(isShown), shares.findLastIndex(isShown)];
  const samples = last - first + 1;
  if (first === -1 || samples < LEAST_SAMPLES) return [];
  const clearest = shares.indexOf(Math.max(...shares));
  const score = best.closed * (samples / (samples + 1));
  return [{ box: best.box, first: from + first, last: from + last, clearest: from + clearest, score }];
}

/** Share of a border along which one sample has such an edge, in its cell or in one beside it. */
function borderShare({ cells, width, height }: EdgeMap, box: CellBox): number {
  const has = (x: number, y: number, across: 'x' | 'y'): boolean =>
    [-1, 0, 1].some((by) => {
      const [column, row] = across === 'x' ? [x + by, y] : [x, y + by];
      if (column < 0 || column >= width || row < 0 || row >= height) return false;
      return isSameEdge(cells[row * width + column] ?? 0, across === 'x' ? LEVEL_GRADIENT : UPRIGHT_GRADIENT);
    });
  let [there, whole] = [0, 0];
  for (let x = box.left; x < box.right; x++)
    for (const y of [box.top, box.bottom - 1]) [there, whole] = [there + (has(x, y, 'y') ? 1 : 0), whole + 1];
  for (let y = box.top; y < box.bottom; y++)
    for (const x of [box.left, box.right - 1]) [there, whole] = [there + (has(x, y, 'x') ? 1 : 0), whole + 1];
  return there / whole;
}

/** Sides of one and the same picture pair up in several ways. */
function isPartOf(one: StandingBox, other: StandingBox): boolean {
  const near = widened(other.box, 2, Infinity, Infinity);
  const touches =
    one.box.left < near.right && near.left < one.box.right && one.box.top < near.bottom && near.top < one.box.bottom;
  return touches && one.first <= other.last && other.first <= one.last;
}
