/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices lie inside by construction, in the innermost loops */
import { stretches, type Affine } from './affine.js';
import { bitsApart, WORDS, type Features } from './features.js';
import { shrink, type Grey } from './grey.js';
import type { OpenCv } from './opencv.js';
import { fit, patternOf, type Pattern } from './pattern.js';
import { nearOrigin } from './projection.js';

/** A picture that is found by its features. */
export interface FeatureMark {
  widthPx: number;
  heightPx: number;
  features: Features;
  pattern: Pattern;
  /** Pixels of the picture to a step of the pattern's grid. */
  unit: number;
}

/** Where one was found. */
interface FeatureMatch {
  /** Index of the mark. */
  mark: number;
  /** Its corners in the picture: left top, right top, right bottom, left bottom. */
  corners: readonly { x: number; y: number }[];
  /** Pairs of features that one projection explains. */
  inliers: number;
  /** 0–1: how like the two are in brightness. */
  correlation: number;
}

/** Descriptors of the same point differ in no more of their 256 bits. */
const MOST_APART = 60;
/** Pairs with which it is worth looking for a projection, and those that one must explain. */
const LEAST_PAIRS = 8;
const LEAST_INLIERS = 8;
/** Pixels by which a pair may miss its projection. */
const MISS_PX = 4;
const GRID = 40;
/** Longest sides, in pixels, at which a picture's features are taken: ORB's own levels reach down to a third of each. */
const SIZES = [256, 128, 72];

/** @returns undefined for a picture with too few features to be told by them. */
export function featureMark(grey: Grey, find: (grey: Grey) => Features): FeatureMark | undefined {
  const features = joined(SIZES.map((size) => rescaled(grey, size, find)));
  if (features.count < LEAST_PAIRS * 3) return undefined;
  const { widthPx, heightPx } = grey;
  const unit = Math.max(widthPx, heightPx) / GRID;
  const [columns, rows] = [Math.ceil(widthPx / unit), Math.ceil(heightPx / unit)];
  const values = new Float32Array(columns * rows);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) values[row * columns + column] = meanOf(grey, unit, column, row);
  const pattern = patternOf(columns, rows, values);
  return pattern === undefined ? undefined : { widthPx, heightPx, features, pattern, unit };
}

/** The features of a picture made smaller, where they are in the picture itself. */
function rescaled(grey: Grey, size: number, find: (grey: Grey) => Features): Features {
  const small = shrink(grey, size);
  const features = find(small);
  const by = grey.widthPx / small.widthPx;
  return { ...features, x: features.x.map((x) => x * by), y: features.y.map((y) => y * by) };
}

function joined(parts: readonly Features[]): Features {
  const count = parts.reduce((sum, part) => sum + part.count, 0);
  const all = {
    count,
    x: new Float32Array(count),
    y: new Float32Array(count),
    descriptors: new Uint32Array(count * WORDS),
  };
  let at = 0;
  for (const part of parts) {
    all.x.set(part.x, at);
    all.y.set(part.y, at);
    all.descriptors.set(part.descriptors, at * WORDS);
    at += part.count;
  }
  return all;
}

function meanOf({ widthPx, heightPx, data }: Grey, unit: number, column: number, row: number): number {
  let [sum, count] = [0, 0];
  for (let y = Math.floor(row * unit); y < Math.min(heightPx, (row + 1) * unit); y++)
    for (let x = Math.floor(column * unit); x < Math.min(widthPx, (column + 1) * unit); x++, count++)
      sum += data[y * widthPx + x]!;
  return count === 0 ? 0 : sum / count;
}

/** Pairs of points, by index: of the mark, of the picture. */
type Pairs = readonly (readonly [number, number])[];

/** Marks that lie in the picture, by their features, in the order of the marks. */
export function findFeatures(cv: OpenCv, marks: readonly FeatureMark[], grey: Grey, seen: Features): FeatureMatch[] {
  return marks.flatMap((mark, index) => {
    const pairs = pairsOf(mark, seen);
    if (pairs.length < LEAST_PAIRS) return [];
    const projection = project(cv, mark.features, seen, pairs);
    if (projection === undefined || projection.inliers < LEAST_INLIERS) return [];
    const { widthPx, heightPx, pattern, unit } = mark;
    const corners = [
      [0, 0],
      [widthPx, 0],
      [widthPx, heightPx],
      [0, heightPx],
    ].map(([x = 0, y = 0]) => apply(projection.matrix, x, y));
    if (!isSane(corners, grey)) return [];
    const start = scaled(linear(projection.matrix, widthPx / 2, heightPx / 2), unit);
    const { map, correlation } = fit(pattern, grey, { level: 128, reach: 255 }, start, 0.2);
    const { most, least } = stretches(nearOrigin(map));
    if (most > least * 3) return [];
    return [{ mark: index, corners, inliers: projection.inliers, correlation }];
  });
}

/** Share of a picture's longest side within which two of its points are the same one, seen at two sizes. */
const SAME_POINT = 0.06;

/** For each point of the picture the nearest of the mark, where it is near enough and clearly nearer than any elsewhere on the mark. */
function pairsOf({ features: mark, widthPx, heightPx }: FeatureMark, seen: Features): Pairs {
  const near = (Math.max(widthPx, heightPx) * SAME_POINT) ** 2;
  const pairs: [number, number][] = [];
  for (let point = 0; point < seen.count; point++) {
    let [best, second, nearest] = [MOST_APART + 1, MOST_APART + 1, -1];
    for (let at = 0; at < mark.count; at++) {
      const distance = bitsApart(seen.descriptors, point * WORDS, mark.descriptors, at * WORDS, second);
      if (distance >= second) continue;
      const isSame =
        nearest >= 0 && (mark.x[at]! - mark.x[nearest]!) ** 2 + (mark.y[at]! - mark.y[nearest]!) ** 2 < near;
      if (distance >= best) {
        if (!isSame) second = distance;
        continue;
      }
      if (!isSame) second = best;
      [best, nearest] = [distance, at];
    }
    if (nearest >= 0 && best < second * 0.9) pairs.push([nearest, point]);
  }
  return pairs;
}

/** The projection of the mark onto the picture that explains most pairs (RANSAC; OpenCV seeds it alike in every run). */
function project(
  cv: OpenCv,
  mark: Features,
  seen: Features,
  pairs: Pairs,
): { matrix: readonly number[]; inliers: number } | undefined {
  const from = cv.matFromArray(
    pairs.length,
    1,
    cv.CV_32FC2,
    pairs.flatMap(([at]) => [mark.x[at]!, mark.y[at]!]),
  );
  const to = cv.matFromArray(
    pairs.length,
    1,
    cv.CV_32FC2,
    pairs.flatMap(([, at]) => [seen.x[at]!, seen.y[at]!]),
  );
  const mask = new cv.Mat();
  const homography = cv.findHomography(from, to, cv.RANSAC, MISS_PX, mask);
  try {
    if (homography.rows !== 3) return undefined;
    // Points of a mark count once, however many of the picture are paired with them.
    const explained = new Set(pairs.flatMap(([at], index) => (mask.data[index] === 1 ? [at] : [])));
    return { matrix: Array.from(homography.data64F), inliers: explained.size };
  } finally {
    for (const native of [from, to, mask, homography]) native.delete();
  }
}

function apply(m: readonly number[], x: number, y: number): { x: number; y: number } {
  const w = m[6]! * x + m[7]! * y + m[8]!;
  return { x: (m[0]! * x + m[1]! * y + m[2]!) / w, y: (m[3]! * x + m[4]! * y + m[5]!) / w };
}

/** The projection near one point, as the affine map that it is there, with this point as origin. */
function linear(m: readonly number[], x: number, y: number): Affine {
  const here = apply(m, x, y);
  const [right, below] = [apply(m, x + 0.5, y), apply(m, x, y + 0.5)];
  const [left, above] = [apply(m, x - 0.5, y), apply(m, x, y - 0.5)];
  return { a: right.x - left.x, b: right.y - left.y, c: below.x - above.x, d: below.y - above.y, e: here.x, f: here.y };
}

const scaled = ({ a, b, c, d, e, f }: Affine, by: number): Affine => ({
  a: a * by,
  b: b * by,
  c: c * by,
  d: d * by,
  e,
  f,
});

/** Whether corners are those of something flat that is seen from its front: convex, not a mirror image, neither tiny nor all around the picture. */
function isSane(corners: readonly { x: number; y: number }[], { widthPx, heightPx }: Grey): boolean {
  const turns = corners.map((corner, at) => {
    const [next, last] = [corners[(at + 1) % 4]!, corners[(at + 3) % 4]!];
    return (next.x - corner.x) * (last.y - corner.y) - (next.y - corner.y) * (last.x - corner.x);
  });
  if (!turns.every((turn) => Number.isFinite(turn) && turn > 0)) return false;
  const area = corners.reduce((sum, { x, y }, at) => {
    const next = corners[(at + 1) % 4]!;
    return sum + (x * next.y - next.x * y) / 2;
  }, 0);
  const [most, least] = [Math.max(...turns), Math.min(...turns)];
  return area > 400 && area < widthPx * heightPx * 1.2 && most < least * 6;
}
