import type { Look } from '../analysers.js';
import { chromaShift, planes, type Picture } from '../preparation/picture.js';

/** What a picture without content is. */
export type Emptiness = 'one colour' | 'noise' | 'test card';

/** Points across and down that are looked at; an odd number keeps them off the borders of common patterns. */
const [COLUMNS, ROWS] = [95, 53];
/** A plane is of one value when so many of its points lie this near to the middle one: what is left is noise of cameras and of encoders, and a logo at most. */
const SAME = 6;
const MOSTLY = 0.985;
/** Bars of a test card (SMPTE RP 219, ITU-R BT.1729) stand in the upper part, at least six of them. */
const BARS_ROWS = 0.6;
const LEAST_BARS = 6;
const BAR_EVEN = 12;
const LEAP = 30;
/** Noise: neighbouring pixels have next to nothing to do with each other, and differ much. Pictures of the real world come to 0.9, grass to 0.7. */
const MOST_KINSHIP = 0.35;
const LEAST_SPREAD = 20;

/** One value of a picture's plane at a position given as a share, 0–1, of its width and height. */
type Sampler = (x: number, y: number) => number;

export function loadEmptiness(): Look<'emptiness'> {
  return (picture) => Promise.resolve(emptinessOf(picture));
}

/** What there is instead of content, or `null`. Pure. */
export function emptinessOf(picture: Picture): Emptiness | null {
  const samplers = samplersOf(picture);
  const grids = samplers.map(gridOf);
  if (grids.every(isEven)) return 'one colour';
  if (showsBars(grids, picture.format === 'rgb24' ? ofRgb : ofYuv)) return 'test card';
  return isNoise(picture) ? 'noise' : null;
}

function samplersOf(picture: Picture): Sampler[] {
  const { data, format, widthPx, heightPx } = picture;
  if (format === 'rgb24')
    return [0, 1, 2].map((channel) => (x, y) => {
      const [column, row] = [Math.floor(x * widthPx), Math.floor(y * heightPx)];
      return data[(row * widthPx + column) * 3 + channel] ?? 0;
    });
  return planes(picture, chromaShift(format)).map(({ offset, widthPx: width, heightPx: height }) => (x, y) => {
    return data[offset + Math.floor(y * height) * width + Math.floor(x * width)] ?? 0;
  });
}

/** Values row by row. */
function gridOf(at: Sampler): Uint8Array {
  return Uint8Array.from({ length: COLUMNS * ROWS }, (_, index) =>
    at(((index % COLUMNS) + 0.5) / COLUMNS, (Math.floor(index / COLUMNS) + 0.5) / ROWS),
  );
}

function isEven(grid: Uint8Array): boolean {
  const middle = grid.slice().sort()[grid.length >> 1] ?? 0;
  return grid.filter((value) => Math.abs(value - middle) <= SAME).length >= MOSTLY * grid.length;
}

/** Columns of one colour each over most of the height, in several bars of clearly different ones. */
function showsBars(grids: readonly Uint8Array[], isColoured: IsColoured): boolean {
  const rows = Math.floor(ROWS * BARS_ROWS);
  const at = (grid: Uint8Array, column: number, row: number): number => grid[row * COLUMNS + column] ?? 0;
  const colours = Array.from({ length: COLUMNS }, (_, column) => grids.map((grid) => at(grid, column, rows >> 1)));
  const isEvenColumn = (column: number): boolean =>
    grids.every((grid, plane) => {
      for (let row = 1; row < rows; row++)
        if (Math.abs(at(grid, column, row) - (colours[column]?.[plane] ?? 0)) > BAR_EVEN) return false;
      return true;
    });
  const bars: { colour: number[]; width: number }[] = [];
  colours.forEach((colour, column) => {
    if (!isEvenColumn(column)) return;
    const last = bars.at(-1);
    const same = last?.colour.every((value, plane) => Math.abs(value - (colour[plane] ?? 0)) <= BAR_EVEN) ?? false;
    if (last !== undefined && same) last.width++;
    else bars.push({ colour, width: 1 });
  });
  // One column in twenty is narrower than any bar; and from one bar to the next colours leap, as they do not in a gradient.
  const wide = bars.filter(({ width }) => width >= COLUMNS / 20);
  const covered = wide.reduce((sum, { width }) => sum + width, 0);
  const leaps = wide.every(({ colour }, index) => index === 0 || differ(colour, wide[index - 1]?.colour ?? []) >= LEAP);
  const coloured = wide.filter(({ colour }) => isColoured(colour)).length;
  return wide.length >= LEAST_BARS && leaps && covered >= 0.85 * COLUMNS && coloured >= LEAST_BARS - 2;
}

function differ(a: readonly number[], b: readonly number[]): number {
  return Math.max(...a.map((value, plane) => Math.abs(value - (b[plane] ?? value))));
}

/** Whether a colour is no shade of grey. */
type IsColoured = (colour: readonly number[]) => boolean;

const ofYuv: IsColoured = ([, u = 128, v = 128]) => Math.max(Math.abs(u - 128), Math.abs(v - 128)) > BAR_EVEN;
const ofRgb: IsColoured = (channels) => Math.max(...channels) - Math.min(...channels) > 2 * BAR_EVEN;

/** Whether neighbours, beside and below, tell nothing of each other. Of RGB green stands for luma. */
function isNoise({ data, format, widthPx, heightPx }: Picture): boolean {
  if (widthPx < 2 || heightPx < 2) return false;
  const [step, offset] = format === 'rgb24' ? [3, 1] : [1, 0];
  const at = (column: number, row: number): number => data[(row * widthPx + column) * step + offset] ?? 0;
  const points = Array.from({ length: COLUMNS * ROWS }, (_, index) => {
    const column = Math.floor((((index % COLUMNS) + 0.5) / COLUMNS) * (widthPx - 1));
    const row = Math.floor(((Math.floor(index / COLUMNS) + 0.5) / ROWS) * (heightPx - 1));
    return [at(column, row), at(column + 1, row), at(column, row + 1)] as const;
  });
  const mean = points.reduce((sum, [value]) => sum + value, 0) / points.length;
  const average = (of: (point: readonly [number, number, number]) => number): number =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const variance = average(([value]) => (value - mean) ** 2);
  if (Math.sqrt(variance) < LEAST_SPREAD) return false;
  const kinship = (beside: 1 | 2): number => average((point) => (point[0] - mean) * (point[beside] - mean)) / variance;
  return kinship(1) <= MOST_KINSHIP && kinship(2) <= MOST_KINSHIP;
}
