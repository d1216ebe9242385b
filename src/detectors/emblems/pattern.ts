/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices lie inside by construction, in the innermost loops */
import { compose, inverse, type Affine } from './affine.js';
import type { Grey } from './grey.js';

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
  /** How it changes with each of the six numbers of an affine map, six for each point. */
  change: Float32Array;
  /** Inverse of the sum of products of those changes, 6 × 6. */
  inverse: Float64Array;
}

/** How a pattern fits. */
interface Fit {
  /** From the pattern to the picture. */
  map: Affine;
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

/**
 * A pattern of the values at the points of a grid, by rows, all but its outermost ones.
 * @returns undefined when nothing changes in it in one of the directions: it would fit anywhere.
 */
export function patternOf(width: number, height: number, values: Float32Array): Pattern | undefined {
  const points = (width - 2) * (height - 2);
  const [x, y, value] = [new Float32Array(points), new Float32Array(points), new Float32Array(points)];
  const change = new Float32Array(points * 6);
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
  const sums = new Float64Array(36);
  at = 0;
  for (let row = 1; row < height - 1; row++)
    for (let column = 1; column < width - 1; column++, at++) {
      value[at]! /= norm;
      const here = row * width + column;
      const gx = (values[here + 1]! - values[here - 1]!) / (2 * norm);
      const gy = (values[here + width]! - values[here - width]!) / (2 * norm);
      const by = [gx * x[at]!, gy * x[at]!, gx * y[at]!, gy * y[at]!, gx, gy];
      change.set(by, at * 6);
      for (let i = 0; i < 6; i++) for (let j = 0; j < 6; j++) sums[i * 6 + j]! += by[i]! * by[j]!;
    }
  const inverted = invert(sums, 6);
  return inverted === undefined
    ? undefined
    : { points, columns: width - 2, few: fewOf(width - 2, height - 2), x, y, value, change, inverse: inverted };
}

function fewOf(columns: number, rows: number): Int32Array {
  const few: number[] = [];
  for (let row = 1; row < rows; row += 3)
    for (let column = 1; column < columns; column += 3) few.push(row * columns + column);
  return Int32Array.from(few);
}

/** Moves and bends the pattern from where it is thought to be to where it fits best (inverse compositional alignment, Baker and Matthews 2004). */
export function fit(pattern: Pattern, grey: Grey, contrast: Contrast, start: Affine, least: number): Fit {
  const hint = glance(pattern, grey, contrast, start);
  if (hint < least) return { map: start, correlation: hint, edges: 0 };
  const seen = new Float32Array(pattern.points);
  let best = { map: start, correlation: look(pattern, grey, contrast, start, seen) };
  let map = start;
  for (let step = 0; step < STEPS; step++) {
    const moved = compose(map, inverse(correction(pattern, seen)));
    if (!Number.isFinite(moved.a + moved.b + moved.c + moved.d + moved.e + moved.f)) break;
    map = moved;
    const correlation = look(pattern, grey, contrast, map, seen);
    const gained = correlation - best.correlation;
    if (gained > 0) best = { map, correlation };
    if (gained < 0.002 || (step === 3 && correlation < HOPELESS)) break;
  }
  look(pattern, grey, contrast, best.map, seen);
  return { ...best, edges: edgesAlike(pattern.columns, pattern.value, seen) };
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
function look(pattern: Pattern, grey: Grey, { level, reach }: Contrast, map: Affine, seen: Float32Array): number {
  const { widthPx, heightPx, data } = grey;
  const { points, x, y, value } = pattern;
  const { a, b, c, d, e, f } = map;
  const [mostX, mostY] = [widthPx - 1.001, heightPx - 1.001];
  let mean = 0;
  for (let at = 0; at < points; at++) {
    const u = Math.min(Math.max(a * x[at]! + c * y[at]! + e - 0.5, 0), mostX);
    const v = Math.min(Math.max(b * x[at]! + d * y[at]! + f - 0.5, 0), mostY);
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
function correction({ points, value, change, inverse: inverted }: Pattern, seen: Float32Array): Affine {
  const sums = [0, 0, 0, 0, 0, 0];
  for (let at = 0; at < points; at++) {
    const error = seen[at]! - value[at]!;
    const from = at * 6;
    for (let i = 0; i < 6; i++) sums[i]! += change[from + i]! * error;
  }
  const [a, b, c, d, e, f] = sums.map((_, i) => sums.reduce((sum, value, j) => sum + inverted[i * 6 + j]! * value, 0));
  return { a: 1 + a!, b: b!, c: c!, d: 1 + d!, e: e!, f: f! };
}

/** The inverse of a square matrix by rows; undefined when there is none. */
function invert(matrix: Float64Array, size: number): Float64Array | undefined {
  const left = Float64Array.from(matrix);
  const right = Float64Array.from(matrix, (_, at) => (Math.floor(at / size) === at % size ? 1 : 0));
  for (let column = 0; column < size; column++) {
    let pivot = column;
    for (let row = column; row < size; row++)
      if (Math.abs(left[row * size + column]!) > Math.abs(left[pivot * size + column]!)) pivot = row;
    const head = left[pivot * size + column]!;
    if (Math.abs(head) < 1e-9) return undefined;
    for (let at = 0; at < size; at++) {
      for (const side of [left, right]) {
        const swapped = side[pivot * size + at]!;
        side[pivot * size + at] = side[column * size + at]!;
        side[column * size + at] = swapped / head;
      }
    }
    for (let row = 0; row < size; row++) {
      const factor = left[row * size + column]!;
      if (row === column || factor === 0) continue;
      for (let at = 0; at < size; at++) {
        left[row * size + at]! -= factor * left[column * size + at]!;
        right[row * size + at]! -= factor * right[column * size + at]!;
      }
    }
  }
  return right;
}
