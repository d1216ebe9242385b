import type { Picture } from '../preparation/picture.js';
import type { Part } from './shrink.js';

/** Points of a line that are looked at, evenly spread. */
const POINTS = 128;
/** Levels of 0–255 by which points of a bar differ from its brightness at most: what compression leaves of an even colour. */
const NEAR = 12;
/** Share of a line's points that are of the bar's brightness, and the same of a line that subtitles may stand on. */
const BARE = 0.98;
const WRITTEN = 0.6;
/** A bar's least share of the picture: a thinner one hardly moves a hash. */
const LEAST_BAR = 0.01;
/** Share of the picture that must be left: of a film of 2.39:1 in an upright picture of 9:16 a quarter is; less is writing on a card. */
const LEAST_LEFT = 0.2;

/** Lines of a picture from one edge to the opposite one: its rows, or its columns within some rows. */
interface Lines {
  picture: Pick<Picture, 'format' | 'data'>;
  count: number;
  /** Bytes from one line to the next. */
  step: number;
  /** Where the points of the first line are, in bytes. */
  offsets: Int32Array;
}

/** Lines before and behind what is shown. */
type Bars = readonly [before: number, behind: number];
const NONE: Bars = [0, 0];

const points = new Uint8Array(POINTS);

/**
 * The parts of a picture that may be all it shows, the likeliest first: without bars of one brightness above and below it, at both sides, or all around.
 * There are several where bars within bars could be the picture's own, and where one of two opposite bars seems to be wider: the picture may be dark there, or have
 * been laid off the middle. None where nothing lies around it, which a look at its outermost lines tells.
 */
export function withoutBars(picture: Picture): Part[] {
  const { widthPx, heightPx } = picture;
  const pixel = picture.format === 'rgb24' ? 3 : 1;
  const offsets = spread(0, widthPx, pixel);
  const rows = barsOf({ picture, count: heightPx, step: widthPx * pixel, offsets });
  const [above, below] = rows[0] ?? NONE;
  const down = spread(above, heightPx - above - below, widthPx * pixel);
  const columns = barsOf({ picture, count: widthPx, step: pixel, offsets: down });
  const ways: (readonly [Bars | undefined, Bars | undefined])[] = [
    [rows[0], columns[0]],
    [rows.at(-1), columns.at(-1)],
    [rows[0], NONE],
    [NONE, columns[0]],
  ];
  const parts = new Map<string, Part>();
  for (const [[top, bottom] = NONE, [left, right] = NONE] of ways) {
    const part = { left, top, width: widthPx - left - right, height: heightPx - top - bottom };
    const isAll = part.width === widthPx && part.height === heightPx;
    if (!isAll && part.width * part.height >= LEAST_LEFT * widthPx * heightPx)
      parts.set(Object.values(part).join(), part);
  }
  return [...parts.values()];
}

/** Bars at both ends of some lines: none, one way to see them, or two. */
function barsOf(lines: Lines): Bars[] {
  const { count } = lines;
  const least = Math.max(2, Math.ceil(count * LEAST_BAR));
  const most = Math.floor(count * (1 - LEAST_LEFT));
  const [first, last] = [brightnessOf(lines, 0), brightnessOf(lines, count - 1)];
  if (count <= 2 * least || Math.abs(first - last) > NEAR) return [];
  // A bar is looked at by some of its lines, and line by line where it ends.
  const stride = Math.max(1, Math.floor(count / POINTS));
  /** Lines of a bar from one end on, up to `limit`. */
  const run = (end: 'before' | 'behind', share: number, limit: number): number => {
    const isBar = (line: number): boolean =>
      end === 'before' ? shareNear(lines, line, first) >= share : shareNear(lines, count - 1 - line, last) >= share;
    let line = 0;
    while (line < limit && isBar(line)) line += stride;
    for (line = Math.max(0, line - stride + 1); line < limit && isBar(line);) line++;
    return Math.min(line, limit);
  };
  const before = run('before', BARE, most);
  if (before < least) return [];
  const behind = run('behind', BARE, most);
  if (behind < least || before + behind > most) return [];
  // Subtitles end a bar too soon, and it is never wider for them than the opposite one.
  const written: Bars = [
    Math.max(before, run('before', WRITTEN, behind)),
    Math.max(behind, run('behind', WRITTEN, before)),
  ];
  const narrow = Math.min(before, behind);
  const isSame = Math.max(...written) - narrow < least;
  return isSame ? [written] : [written, [narrow, narrow]];
}

/** The middle one of the brightnesses of a line's points. */
function brightnessOf(lines: Lines, line: number): number {
  read(lines, line);
  return points.slice().sort()[POINTS / 2] ?? 0;
}

/** Share of a line's points that are as bright as a bar. */
function shareNear(lines: Lines, line: number, level: number): number {
  read(lines, line);
  let near = 0;
  for (const value of points) if (value >= level - NEAR && value <= level + NEAR) near++;
  return near / POINTS;
}

/** Fills `points` with the brightness of a line's points, up to a constant. */
function read({ picture: { format, data }, step, offsets }: Lines, line: number): void {
  const from = line * step;
  for (let index = 0; index < POINTS; index++) {
    const at = from + (offsets[index] ?? 0);
    points[index] =
      format === 'rgb24'
        ? (77 * (data[at] ?? 0) + 150 * (data[at + 1] ?? 0) + 29 * (data[at + 2] ?? 0)) >> 8
        : (data[at] ?? 0);
  }
}

/** Where the points are on a line of so many pixels that begins at `from`, in bytes: a pixel has `bytes`. */
function spread(from: number, length: number, bytes: number): Int32Array {
  return Int32Array.from(
    { length: POINTS },
    (_, index) => (from + Math.floor(((index + 0.5) * length) / POINTS)) * bytes,
  );
}
