/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices lie inside by construction */
import { compose, inverse, type Affine } from './affine.js';
import { shrink, withBorder, type Grey } from './grey.js';
import { edgesAlike, patternOf, type Pattern } from './pattern.js';
import { PLAIN_FORMS } from './plain-forms.js';
import { Segmenter, splitAt, type Region } from './regions.js';
import { planeOf, shapeOf, type Shape } from './shape.js';

/** A mark of two tones, ready to be found by the forms of its parts. */
export interface FlatMark {
  pattern: Pattern;
  /** Its size in steps of the pattern's grid, the margin not counted. */
  width: number;
  height: number;
  hooks: readonly Hook[];
}

/** A part of a mark, or a hole in it, by which a place to look at is found. */
export interface Hook {
  shape: Shape;
  /** From the pattern to the plane of the part's own extent. */
  toPlane: Affine;
}

/** Longest side of a pattern, in steps of its grid: as fine as a mark of the least size that is looked for. */
const GRID = 40;
/** Around a mark, on its own ground: what does not end where the mark ends is not the mark. */
const MARGIN = 3;
/** Sizes of the mark at which its parts are taken: what lies close together runs into one when it is small. */
const PART_SIZES = [240, 80, 36];
const HOOKS_PER_SIZE = 4;
/** Share of the mark's rectangle that a part has at least. */
const LEAST_PART = 0.02;
/** Share of what differs in brightness that two tones explain at least; photographs lie below. */
const LEAST_TWO_TONE = 0.8;
/** The same where nothing tells the mark from its ground: many a photograph is half bright and half dark. */
const LEAST_WITHOUT_GROUND = 0.93;
/** Outlines more like those of a plain form are not searched for: they would be found in every other frame. */
const MOST_PLAIN = 0.8;
/** Descriptors nearer than this are of the same form. */
const SAME_FORM = 0.12;

/** @returns undefined for a picture that is not of two tones, or is plain. */
export function flatMark(picture: Grey): FlatMark | undefined {
  const { level, explained, reach } = twoTones(picture);
  if (explained < LEAST_TWO_TONE || reach < 8) return undefined;
  const ground = groundOf(picture, level);
  if (ground === null && explained < LEAST_WITHOUT_GROUND) return undefined;
  const padded = ground === null ? picture : withBorder(picture, ground);
  const box = ground === null ? whole(padded) : boundsOf(padded, level, ground);
  if (box === undefined) return undefined;
  const unit = Math.max(box.width, box.height) / GRID;
  const columns = Math.ceil(box.width / unit) + 2 * (MARGIN + 1);
  const rows = Math.ceil(box.height / unit) + 2 * (MARGIN + 1);
  const toCanvas: Affine = {
    ...{ a: unit, b: 0, c: 0, d: unit },
    ...{ e: box.left + box.width / 2, f: box.top + box.height / 2 },
  };
  const values = sampled(padded, toCanvas, columns, rows, { level, reach });
  const pattern = isPlain(values, columns, rows) ? undefined : patternOf(columns, rows, values);
  if (pattern === undefined) return undefined;
  const hooks = hooksOf(padded, level, box, toCanvas);
  return hooks.length === 0 ? undefined : { pattern, width: box.width / unit, height: box.height / unit, hooks };
}

interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

const whole = ({ widthPx, heightPx }: Grey): Box => ({ left: 0, top: 0, width: widthPx, height: heightPx });

/** The level that splits a picture best in two (Otsu 1979), the share of its variance that the two tones explain, and nearly half their distance. */
function twoTones({ data }: Grey): { level: number; explained: number; reach: number } {
  const counts = new Float64Array(256);
  for (const value of data) counts[value]!++;
  let [total, squares] = [0, 0];
  counts.forEach((count, value) => {
    total += count * value;
    squares += count * value * value;
  });
  const variance = squares / data.length - (total / data.length) ** 2;
  let best = { level: 128, between: 0, reach: 0 };
  let [below, sum] = [0, 0];
  for (let level = 1; level < 256; level++) {
    below += counts[level - 1]!;
    sum += counts[level - 1]! * (level - 1);
    const above = data.length - below;
    if (below === 0 || above === 0) continue;
    const apart = (total - sum) / above - sum / below;
    const between = (below * above * apart * apart) / data.length ** 2;
    if (between > best.between) best = { level: Math.round(sum / below + apart / 2), between, reach: apart * 0.45 };
  }
  return { ...best, explained: variance === 0 ? 0 : best.between / variance };
}

/** The brightness of what surrounds the mark; null where the border is of both tones. */
function groundOf({ widthPx, heightPx, data }: Grey, level: number): number | null {
  const border: number[] = [];
  for (let x = 0; x < widthPx; x++) border.push(data[x]!, data[(heightPx - 1) * widthPx + x]!);
  for (let y = 0; y < heightPx; y++) border.push(data[y * widthPx]!, data[(y + 1) * widthPx - 1]!);
  const bright = border.filter((value) => value >= level);
  const dark = border.filter((value) => value < level);
  const most = bright.length > dark.length ? bright : dark;
  return most.length < border.length * 0.75
    ? null
    : Math.round(most.reduce((sum, value) => sum + value, 0) / most.length);
}

/** The rectangle of what is not ground. */
function boundsOf({ widthPx, heightPx, data }: Grey, level: number, ground: number): Box | undefined {
  let [left, top, right, bottom] = [widthPx, heightPx, 0, 0];
  for (let y = 0; y < heightPx; y++)
    for (let x = 0; x < widthPx; x++) {
      if (data[y * widthPx + x]! >= level === ground >= level) continue;
      left = Math.min(left, x);
      top = Math.min(top, y);
      right = Math.max(right, x + 1);
      bottom = Math.max(bottom, y + 1);
    }
  return right <= left ? undefined : { left, top, width: right - left, height: bottom - top };
}

/** Mean of the two tones, −1 to 1, over 3 × 3 points in each cell of the grid, and then smoothed: edges as soft as those of a small mark in a video. */
function sampled(
  { widthPx, heightPx, data }: Grey,
  place: Affine,
  columns: number,
  rows: number,
  { level, reach }: { level: number; reach: number },
): Float32Array {
  const values = new Float32Array(columns * rows);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      let sum = 0;
      for (let sub = 0; sub < 9; sub++) {
        const x = place.a * (column - columns / 2 + ((sub % 3) + 0.5) / 3) + place.e;
        const y = place.d * (row - rows / 2 + (Math.floor(sub / 3) + 0.5) / 3) + place.f;
        const [left, top] = [clamp(Math.floor(x), widthPx), clamp(Math.floor(y), heightPx)];
        sum += Math.min(1, Math.max(-1, (data[top * widthPx + left]! - level) / reach));
      }
      values[row * columns + column] = sum / 9;
    }
  return smooth(values, columns, rows);
}

/** Whether a picture's outlines are those of a form that is everywhere. */
function isPlain(values: Float32Array, columns: number, rows: number): boolean {
  const [across, down] = [columns / 2 - MARGIN - 1, rows / 2 - MARGIN - 1];
  return PLAIN_FORMS.some((holds) => {
    const form = values.map((_, at) => {
      const u = ((at % columns) + 0.5 - columns / 2) / across;
      const v = (Math.floor(at / columns) + 0.5 - rows / 2) / down;
      return holds(u, v) ? 1 : -1;
    });
    return Math.abs(edgesAlike(columns, values, smooth(form, columns, rows))) > MOST_PLAIN;
  });
}

const clamp = (value: number, length: number): number => Math.min(Math.max(value, 0), length - 1);

function smooth(values: Float32Array, columns: number, rows: number): Float32Array {
  return values.map((_, at) => {
    const [column, row] = [at % columns, Math.floor(at / columns)];
    let sum = 0;
    for (let dy = -1; dy <= 1; dy++)
      for (let dx = -1; dx <= 1; dx++)
        sum +=
          values[clamp(row + dy, rows) * columns + clamp(column + dx, columns)]! *
          (2 - Math.abs(dx)) *
          (2 - Math.abs(dy));
    return sum / 16;
  });
}

function hooksOf(canvas: Grey, level: number, box: Box, toCanvas: Affine): Hook[] {
  const hooks: Hook[] = [];
  for (const size of PART_SIZES) {
    const factor = Math.min(1, size / Math.max(box.width, box.height));
    const small = shrink(canvas, Math.round(Math.max(canvas.widthPx, canvas.heightPx) * factor));
    const { widthPx, heightPx } = small;
    const segmenter = new Segmenter(widthPx, heightPx);
    const scale = widthPx / canvas.widthPx;
    const leastArea = Math.max(8, LEAST_PART * box.width * box.height * scale * scale);
    const { regions, labels } = segmenter.segment(splitAt(small, level, new Uint8Array(widthPx * heightPx)), leastArea);
    const parts = regions.filter((region) => !touchesEdge(region, widthPx, heightPx)).sort((a, b) => b.area - a.area);
    const toSmall = compose({ a: scale, b: 0, c: 0, d: scale, e: 0, f: 0 }, toCanvas);
    for (const part of parts.slice(0, HOOKS_PER_SIZE)) {
      const shape = shapeOf(part, labels, widthPx, heightPx);
      const toPlane = compose(inverse(planeOf(part)), toSmall);
      if (hooks.some((known) => sameForm(known, shape, toPlane))) continue;
      hooks.push({ shape, toPlane });
    }
  }
  return hooks;
}

function sameForm(known: Hook, shape: Shape, toPlane: Affine): boolean {
  const apart = Math.hypot(known.toPlane.e - toPlane.e, known.toPlane.f - toPlane.f);
  return apart < 0.2 && distance(known.shape.descriptor, shape.descriptor) < SAME_FORM;
}

/** Euclidean distance of two descriptors. */
function distance(one: Float32Array, other: Float32Array): number {
  return Math.hypot(...one.map((value, at) => value - other[at]!));
}

export function touchesEdge({ left, top, right, bottom }: Region, widthPx: number, heightPx: number): boolean {
  return left === 0 || top === 0 || right === widthPx || bottom === heightPx;
}
