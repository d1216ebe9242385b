/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices lie inside by construction, and a check for each pixel would cost a fifth of the speed */
import { lumaOf } from '../../preparation/luma.js';
import type { Picture } from '../../preparation/picture.js';

/*
 * Writing is strokes side by side: along a row or a column brightness goes up and down in turn, and does so in many rows one over the other. Where no place
 * of a picture is like that, nothing can be read, and the network need not be asked. Real scenery is like that more often than not: what the gate spares
 * are dark, blurred and plain pictures, and what it costs is in docs/quality.md.
 */

/** Side of the cells in which strokes are counted, pixels. */
const CELL = 24;
/** Difference of neighbouring pixels, 0–255, from which on there is an edge. The faintest letters that the network reads have about 60 from side to side. */
const EDGE = 10;
/** Edges up and down in turn in one row of a cell: two strokes. */
const TURNS = 4;
/** Rows of a cell that cross two strokes. */
const ROWS = 8;
/** Larger pictures are halved until they are not: what is small in them cannot be found anyway, see DETECTION_PX. */
const LONGEST_PX = 1920;

interface Grey {
  widthPx: number;
  heightPx: number;
  data: Uint8Array;
}

/** Whether there may be writing; `false` is almost certain. A pure function of the picture. */
export function mayHoldWriting(picture: Picture): boolean {
  let grey: Grey = { widthPx: picture.widthPx, heightPx: picture.heightPx, data: lumaOf(picture) };
  while (Math.max(grey.widthPx, grey.heightPx) > LONGEST_PX) grey = halved(grey);
  // Large letters have their strokes too far from each other, until they are half as large.
  return hasStrokes(grey) || hasStrokes(halved(grey));
}

/** Whether two neighbouring cells are crossed by strokes, both of them along rows or both along columns. */
function hasStrokes({ widthPx, heightPx, data }: Grey): boolean {
  const across = Math.floor(widthPx / CELL);
  const down = Math.floor(heightPx / CELL);
  for (const along of [1, widthPx]) {
    const cells = crossedCells(data, widthPx, across, down, along);
    for (let y = 0, at = 0; y < down; y++)
      for (let x = 0; x < across; x++, at++) {
        if (cells[at]! === 0) continue;
        if ((x + 1 < across && cells[at + 1]! === 1) || (y + 1 < down && cells[at + across]! === 1)) return true;
      }
  }
  return false;
}

/** 1 for each cell that is crossed by strokes. `along`: values from one pixel to the next in the direction that is looked along. */
function crossedCells(data: Uint8Array, widthPx: number, across: number, down: number, along: number): Uint8Array {
  const next = along === 1 ? widthPx : 1;
  const cells = new Uint8Array(across * down);
  for (let y = 0, cell = 0; y < down; y++)
    for (let x = 0; x < across; x++, cell++)
      if (crossedLines(data, y * CELL * widthPx + x * CELL, along, next) >= ROWS) cells[cell] = 1;
  return cells;
}

function crossedLines(data: Uint8Array, start: number, along: number, next: number): number {
  let lines = 0;
  for (let line = 0; line < CELL; line++) {
    const from = start + line * next;
    let turns = 0;
    let direction = 0;
    for (let step = 1, at = from + along; step < CELL; step++, at += along) {
      const change = data[at]! - data[at - along]!;
      if (change >= EDGE && direction !== 1) {
        turns++;
        direction = 1;
      } else if (change <= -EDGE && direction !== -1) {
        turns++;
        direction = -1;
      }
    }
    if (turns >= TURNS) lines++;
  }
  return lines;
}

/** Means of two by two pixels. */
function halved({ widthPx, heightPx, data }: Grey): Grey {
  const width = widthPx >> 1;
  const height = heightPx >> 1;
  const out = new Uint8Array(width * height);
  for (let y = 0, to = 0; y < height; y++)
    for (let x = 0, at = 2 * y * widthPx; x < width; x++, at += 2, to++)
      out[to] = (data[at]! + data[at + 1]! + data[at + widthPx]! + data[at + widthPx + 1]! + 2) >> 2;
  return { widthPx: width, heightPx: height, data: out };
}
