import type { Box } from '../../schema/observation.js';
import type { TextLine } from './text-line.js';

/** Lines that belong together as one text: a term, an address or a number may go on in the next box. */
export interface Passage {
  /** In normal form NFKC: boxes of one row with a space between them, rows with a line break. */
  text: string;
  /** Where each line begins in the text. */
  lines: { at: number; line: TextLine }[];
}

/** Boxes of one row lie closer than this, in widths of a square character: between columns there is more. */
const MAX_GAP_IN_ROW = 1.5;
/** Space between rows of one text, in heights of the writing. */
const MAX_GAP_BETWEEN_ROWS = 1;
/** Writing of one text is alike in height. */
const MAX_HEIGHT_RATIO = 2;
/** Share of the smaller box that must lie beside or below the other; and how far they may lie over each other. */
const MIN_OVERLAP = 0.5;
/** Longest passage, in UTF-16 code units: a picture full of writing becomes several. */
const MAX_TEXT = 4000;

interface Row {
  box: Box;
  lines: readonly TextLine[];
}

/** Every line in exactly one passage, in reading order; the same for every order of the lines. */
export function passagesOf(lines: readonly TextLine[]): Passage[] {
  const ordered = [...lines].sort(
    (a, b) => a.box.y - b.box.y || a.box.x - b.box.x || (a.text < b.text ? -1 : a.text > b.text ? 1 : 0),
  );
  const boxes = ordered.map((line) => ({ box: line.box, lines: [line] }));
  const rows = chains(boxes, goesOn).map((chain) => merged(chain));
  return chains(rows, isBelow).flatMap((chain) => joined(chain));
}

/** What lies between two places of the passage's text, as one: the rectangle around the lines, and the lowest confidence. */
export function linesBetween({ lines }: Passage, start: number, end: number): { box: Box; confidence: number } {
  const touched = lines.filter(({ at }, index) => at < end && (lines[index + 1]?.at ?? Infinity) > start);
  return {
    box: around(touched.map(({ line }) => line.box)),
    confidence: Math.min(...touched.map(({ line }) => line.confidence)),
  };
}

/** Each row followed by the closest that it goes on in, no row twice. `follows` must never lead back. */
function chains(rows: readonly Row[], follows: (a: Row, b: Row) => number | null): Row[][] {
  const next = new Map<Row, Row>();
  const taken = new Set<Row>();
  for (const row of rows) {
    let closest: { row: Row; distance: number } | null = null;
    for (const other of rows) {
      const distance = taken.has(other) ? null : follows(row, other);
      if (distance !== null && (closest === null || distance < closest.distance)) closest = { row: other, distance };
    }
    if (closest === null) continue;
    next.set(row, closest.row);
    taken.add(closest.row);
  }
  return rows
    .filter((row) => !taken.has(row))
    .map((first) => {
      const chain = [first];
      for (let row = next.get(first); row !== undefined; row = next.get(row)) chain.push(row);
      return chain;
    });
}

/** How far to the right the second box goes on the row of the first; `null`: it does not. */
function goesOn({ box: a, lines }: Row, { box: b }: Row): number | null {
  if (b.x <= a.x || !alike(a, b)) return null;
  const shared = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  const gap = b.x - (a.x + a.width);
  const character = squareWidth(lines);
  const isClose = gap > -character && gap <= character * MAX_GAP_IN_ROW;
  return isClose && shared >= Math.min(a.height, b.height) * MIN_OVERLAP ? gap + character : null;
}

/** How far below the first row the second lies; `null`: not so that it would go on there. */
function isBelow({ box: a }: Row, { box: b }: Row): number | null {
  if (b.y <= a.y || !alike(a, b)) return null;
  const height = Math.min(a.height, b.height);
  const shared = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const gap = b.y - (a.y + a.height);
  const isClose = gap > -height * MIN_OVERLAP && gap <= height * MAX_GAP_BETWEEN_ROWS;
  return isClose && shared >= Math.min(a.width, b.width) * MIN_OVERLAP ? gap + height : null;
}

function alike(a: Box, b: Box): boolean {
  return Math.max(a.height, b.height) <= MAX_HEIGHT_RATIO * Math.min(a.height, b.height);
}

/** Width of a Chinese character of the writing; a Latin letter has half of it. Heights would not do: they are shares of another side of the picture. */
function squareWidth(lines: readonly TextLine[]): number {
  const [line] = lines;
  if (line === undefined) return 0;
  const halves = Array.from(line.text).reduce((sum, character) => sum + (character > '\u2e7f' ? 2 : 1), 0);
  return (2 * line.box.width) / Math.max(1, halves);
}

function merged(rows: readonly Row[]): Row {
  return { box: around(rows.map(({ box }) => box)), lines: rows.flatMap(({ lines }) => lines) };
}

function around(boxes: readonly Box[]): Box {
  const x = Math.min(...boxes.map((box) => box.x));
  const y = Math.min(...boxes.map((box) => box.y));
  const right = Math.max(...boxes.map((box) => box.x + box.width));
  const bottom = Math.max(...boxes.map((box) => box.y + box.height));
  return { x, y, width: right - x, height: bottom - y };
}

function joined(rows: readonly Row[]): Passage[] {
  let passage: Passage = { text: '', lines: [] };
  const passages = [passage];
  for (const { lines } of rows) {
    lines.forEach((line, index) => {
      const text = line.text.normalize('NFKC').replaceAll(/\s+/g, ' ').trim();
      if (passage.text !== '' && passage.text.length + text.length > MAX_TEXT) {
        passage = { text: '', lines: [] };
        passages.push(passage);
      }
      const separator = passage.text === '' ? '' : index === 0 ? '\n' : ' ';
      passage.lines.push({ at: passage.text.length + separator.length, line });
      passage.text += separator + text;
    });
  }
  return passages;
}
