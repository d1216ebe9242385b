/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices lie inside by construction, in the innermost loops */
import type { Affine } from './affine.js';
import type { Grey } from './grey.js';
import { invert } from './invert-matrix.js';
import { back, chained, type Projection } from './projection.js';

/** A picture to be laid over others: what is needed to find exactly where it fits, made ready once. */
export interface Pattern {
  points: number;
  /** Points in a row. */
  columns: number;
  /** Some of them, evenly spread: enough to see whether it could fit at all. */
  few: Int32Array;
  /** Where they are, from the middle of the pattern, in steps of its grid. */
  x: Float32Array;
  y: Float32Array;
  /** What is there: mean 0, length 1 over all points. */
  value: Float32Array;
  /** Its longest side in steps of its grid, by which the two numbers that bend a projection are multiplied, so that all eight are of one size. */
  side: number;
  /** How it changes with each of the eight numbers of a projection, of which the first six make an affine map; eight for each point. */
  change: Float32Array;
  /** Inverse of the sum of products of those changes: of six, and of all. */
  inverses: Readonly<Record<6 | 8, Float64Array>>;
}

/** How a pattern fits. */
interface Fit {
  /** From the pattern to the picture. */
  map: Projection;
  /** Correlation of the pattern with what lies under it, −1 to 1. */
  correlation: number;
  /** Correlation of how the two change from point to point, −1 to 1: outlines alone, whatever the areas between them. */
  edges: number;
}

/** How brightness counts: as its distance from `level`, cut off at `reach` to either side, so that textures behind a mark do not drown it. */
export interface Contrast {
  level: number;
  reach: number;
}

/** Steps after which a fit has settled; more gained nothing on generated overlays. */
const STEPS = 10;
/** What has not come so far after four steps never became a match. */
const HOPELESS = 0.6;
/** Correlation as an affine map from which on it is worth looking whether perspective bent it. */
const WORTH_BENDING = 0.65;
/** How much nearer or further than its middle an end of it may be: more is chance. */
const MOST_BENT = 0.15;

/**
 * A pattern of the values at the points of a grid, by rows, all but its outermost ones.
 * @returns undefined when nothing changes in it in one of the directions: it would fit anywhere.
 */
export function patternOf(width: number, height: number, values: Float32Array): Pattern | undefined {
  const points = (width - 2) * (height - 2);
  const [x, y, value] = [new Float32Array(points), new Float32Array(points), new Float32Array(points)];
  const side = Math.max(width, height);
  const change = new Float32Array(points * 8);
  let at = 0;
  let mean = 0;
  for (let row = 1; row < height - 1; row++)
    for (let column = 1; column < width - 1; column++, at++) {
      x[at] = column + 0.5 - width / 2;
      y[at] = row + 0.5 - height / 2;
      mean += value[at] = values[row * width + column]!;
    }
  mean /= points;
  let energy = 0;
  for (at = 0; at < points; at++) energy += (value[at] = value[at]! - mean) ** 2;
  const norm = Math.sqrt(energy);
  if (norm === 0) return undefined;
  const sums = new Float64Array(64);
  at = 0;
  for (let row = 1; row < height - 1; row++)
    for (let column = 1; column < width - 1; column++, at++) {
      value[at]! /= norm;
      const here = row * width + column;
      const gx = (values[here + 1]! - values[here - 1]!) / (2 * norm);
      const gy = (values[here + width]! - values[here - width]!) / (2 * norm);
      const nearer = -(gx * x[at]! + gy * y[at]!) / side;
      const by = [gx * x[at]!, gy * x[at]!, gx * y[at]!, gy * y[at]!, gx, gy, nearer * x[at]!, nearer * y[at]!];
      change.set(by, at * 8);
      for (let i = 0; i < 8; i++) for (let j = 0; j < 8; j++) sums[i * 8 + j]! += by[i]! * by[j]!;
    }
  const [six, eight] = [invert(firstSix(sums), 6), invert(sums, 8)];
  if (six === undefined || eight === undefined) return undefined;
  const few = fewOf(width - 2, height - 2);
  return { points, columns: width - 2, few, x, y, value, side, change, inverses: { 6: six, 8: eight } };
}

function firstSix(sums: Float64Array): Float64Array {
  return Float64Array.from({ length: 36 }, (_, at) => sums[Math.floor(at / 6) * 8 + (at % 6)]!);
}

function fewOf(columns: number, rows: number): Int32Array {
  const few: number[] = [];
  for (let row = 1; row < rows; row += 3)
    for (let column = 1; column < columns; column += 3) few.push(row * columns + column);
  return Int32Array.from(few);
}

/**
 * Moves the pattern from where it is thought to be to where it fits best, as an affine map and, where that nearly explains it, as a projection (inverse
 * compositional alignment, Baker and Matthews 2004).
 */
export function fit(pattern: Pattern, grey: Grey, contrast: Contrast, start: Affine, least: number): Fit {
  const flat = { ...start, g: 0, h: 0 };
  const hint = glance(pattern, grey, contrast, start);
  if (hint < least) return { map: flat, correlation: hint, edges: 0 };
  const seen = new Float32Array(pattern.points);
  const moved = align(pattern, grey, contrast, flat, 6, seen);
  const best = moved.correlation < WORTH_BENDING ? moved : align(pattern, grey, contrast, moved.map, 8, seen);
  look(pattern, grey, contrast, best.map, seen);
  return { ...best, edges: edgesAlike(pattern.columns, pattern.value, seen) };
}

/** The best of some steps, each of which changes so many numbers of the map; `seen` is overwritten. */
function align(
  pattern: Pattern,
  grey: Grey,
  contrast: Contrast,
  start: Projection,
  numbers: 6 | 8,
  seen: Float32Array,
): Omit<Fit, 'edges'> {
  let best = { map: start, correlation: look(pattern, grey, contrast, start, seen) };
  let map = start;
  for (let step = 0; step < STEPS; step++) {
    map = chained(map, back(correction(pattern, seen, numbers)));
    // Neither is true of numbers that are not finite.
    if (!(Math.abs(map.a + map.b + map.c + map.d + map.e + map.f) < Infinity && bent(pattern, map) < MOST_BENT)) break;
    const correlation = look(pattern, grey, contrast, map, seen);
    const gained = correlation - best.correlation;
    if (gained > 0) best = { map, correlation };
    if (gained < 0.002 || (step === 3 && correlation < HOPELESS)) break;
  }
  return best;
}

/** How much nearer or further than its middle the pattern's furthest corner is. */
function bent({ columns, points }: Pattern, { g, h }: Projection): number {
  return (Math.abs(g) * columns + (Math.abs(h) * points) / columns) / 2;
}

/** Correlation of how two grids change from point to point, −1 to 1. */
export function edgesAlike(columns: number, value: Float32Array, seen: Float32Array): number {
  let [product, ours, theirs] = [0, 0, 0];
  for (let at = columns; at < value.length; at++) {
    if (at % columns === 0) continue;
    const [x, y] = [value[at]! - value[at - 1]!, value[at]! - value[at - columns]!];
    const [u, v] = [seen[at]! - seen[at - 1]!, seen[at]! - seen[at - columns]!];
    product += x * u + y * v;
    ours += x * x + y * y;
    theirs += u * u + v * v;
  }
  return product / Math.sqrt(ours * theirs || 1);
}

/** Correlation at a few points. */
function glance(pattern: Pattern, { widthPx, heightPx, data }: Grey, { level, reach }: Contrast, map: Affine): number {
  const { few, x, y, value } = pattern;
  let [sum, energy, product, values, squares] = [0, 0, 0, 0, 0];
  for (const at of few) {
    const u = Math.floor(map.a * x[at]! + map.c * y[at]! + map.e);
    const v = Math.floor(map.b * x[at]! + map.d * y[at]! + map.f);
    if (u < 0 || v < 0 || u >= widthPx || v >= heightPx) continue;
    const distance = Math.min(reach, Math.max(-reach, data[v * widthPx + u]! - level));
    sum += distance;
    energy += distance * distance;
    product += distance * value[at]!;
    values += value[at]!;
    squares += value[at]! * value[at]!;
  }
  const n = few.length;
  const norm = (energy - (sum * sum) / n) * (squares - (values * values) / n);
  return norm <= 0 ? 0 : Math.abs(product - (sum * values) / n) / Math.sqrt(norm);
}

/** Fills `seen` with the picture under the pattern, mean 0 and length 1. @returns the correlation. */
function look(pattern: Pattern, grey: Grey, { level, reach }: Contrast, map: Projection, seen: Float32Array): number {
  const { widthPx, heightPx, data } = grey;
  const { points, x, y, value } = pattern;
  const { a, b, c, d, e, f, g, h } = map;
  const isFlat = g === 0 && h === 0;
  const [mostX, mostY] = [widthPx - 1.001, heightPx - 1.001];
  let mean = 0;
  for (let at = 0; at < points; at++) {
    const nearer = isFlat ? 1 : 1 / (g * x[at]! + h * y[at]! + 1);
    const u = Math.min(Math.max((a * x[at]! + c * y[at]! + e) * nearer - 0.5, 0), mostX);
    const v = Math.min(Math.max((b * x[at]! + d * y[at]! + f) * nearer - 0.5, 0), mostY);
    const [left, top] = [u | 0, v | 0];
    const [across, down] = [u - left, v - top];
    const here = top * widthPx + left;
    const above = data[here]! + (data[here + 1]! - data[here]!) * across;
    const below = data[here + widthPx]! + (data[here + widthPx + 1]! - data[here + widthPx]!) * across;
    const distance = above + (below - above) * down - level;
    mean += seen[at] = distance > reach ? reach : distance < -reach ? -reach : distance;
  }
  mean /= points;
  let [energy, product] = [0, 0];
  for (let at = 0; at < points; at++) {
    const centred = (seen[at] = seen[at]! - mean);
    energy += centred * centred;
    product += centred * value[at]!;
  }
  if (energy === 0) return 0;
  // Dark on bright fits as well as bright on dark: the sign goes to the picture, so that what is left to correct is the place alone.
  const norm = Math.sqrt(energy) * (product < 0 ? -1 : 1);
  for (let at = 0; at < points; at++) seen[at]! /= norm;
  return product / norm;
}

/** The small map of the pattern onto itself that explains best how the picture differs from it. */
function correction(
  { points, value, change, side, inverses }: Pattern,
  seen: Float32Array,
  numbers: 6 | 8,
): Projection {
  const sums = new Float64Array(numbers);
  for (let at = 0; at < points; at++) {
    const error = seen[at]! - value[at]!;
    const from = at * 8;
    for (let i = 0; i < numbers; i++) sums[i]! += change[from + i]! * error;
  }
  const inverted = inverses[numbers];
  const [a, b, c, d, e, f, g = 0, h = 0] = Array.from(sums, (_, i) =>
    sums.reduce((sum, value, j) => sum + inverted[i * numbers + j]! * value, 0),
  );
  return { a: 1 + a!, b: b!, c: c!, d: 1 + d!, e: e!, f: f!, g: g / side, h: h / side };
}
