import type { DrawnLine, Spot } from './text-set.js';

/** Something read, by whichever reader; corners in pixels, the order of writing. */
export interface Reading {
  text: string;
  quad: readonly [Spot, Spot, Spot, Spot];
}

/** How a line was read. */
export interface LineScore {
  /** Whether anything was read on it. */
  isFound: boolean;
  /** Characters that had to be changed, put in or taken out. */
  edits: number;
  /** Characters drawn, spaces apart. */
  characters: number;
}

export interface FrameScore {
  lines: LineScore[];
  /** Readings that lie on no line. */
  strays: number;
  readings: number;
}

/** Each reading counts for the line that its middle lies on; several of one line are joined in its direction. Spaces and widths of characters do not count. */
export function scoreFrame(lines: readonly DrawnLine[], readings: readonly Reading[]): FrameScore {
  const parts = lines.map((): { at: number; text: string }[] => []);
  let strays = 0;
  for (const { text, quad } of readings) {
    const middle = { x: mean(quad.map(({ x }) => x)), y: mean(quad.map(({ y }) => y)) };
    const index = lines.findIndex((line) => placeOn(line, middle) !== null);
    const line = lines[index];
    if (line === undefined) strays++;
    else parts[index]?.push({ at: placeOn(line, middle) ?? 0, text });
  }
  return {
    lines: lines.map(({ text }, index) => {
      const read = (parts[index] ?? []).sort((a, b) => a.at - b.at).map((part) => part.text);
      const expected = plain(text);
      return {
        isFound: read.length > 0,
        edits: Math.min(expected.length, distance(expected, plain(read.join('')))),
        characters: expected.length,
      };
    }),
    strays,
    readings: readings.length,
  };
}

/** How far along the line a position is, in pixels; `null` when it is not on it, with half a line's height of room around. */
function placeOn({ quad: [topLeft, topRight, , bottomLeft] }: DrawnLine, spot: Spot): number | null {
  const width = Math.hypot(topRight.x - topLeft.x, topRight.y - topLeft.y);
  const height = Math.hypot(bottomLeft.x - topLeft.x, bottomLeft.y - topLeft.y);
  const [alongX, alongY] = [(topRight.x - topLeft.x) / width, (topRight.y - topLeft.y) / width];
  const [toX, toY] = [spot.x - topLeft.x, spot.y - topLeft.y];
  const along = toX * alongX + toY * alongY;
  const down = toY * alongX - toX * alongY;
  const room = height / 2;
  return along < -room || along > width + room || down < -room || down > height + room ? null : along;
}

function plain(text: string): string[] {
  return Array.from(text.normalize('NFKC').replaceAll(/\s/g, ''));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Levenshtein's. */
function distance(a: readonly string[], b: readonly string[]): number {
  let row = b.map((_, index) => index + 1);
  for (const [i, left] of a.entries()) {
    let diagonal = i;
    let before = i + 1;
    row = row.map((above, j) => {
      const value = Math.min(above + 1, before + 1, diagonal + (left === b[j] ? 0 : 1));
      diagonal = above;
      before = value;
      return value;
    });
  }
  return row.at(-1) ?? a.length;
}
