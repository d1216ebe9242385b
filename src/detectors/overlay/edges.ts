import type { Picture } from '../preparation/picture.js';
import { EDGE_SHARE, MOST_CELLS, ORIENTATIONS, TILE, type EdgeMap } from './edge-map.js';
import { smallLuma, type SmallLuma } from './small-luma.js';

/** Levels per field of the finer grid, of 255: weaker edges are noise. Half the height of a step. */
const LEAST_GRADIENT = 3;

/**
 * The strongest edges of every part of the picture. Gradients are taken on a grid twice as fine as the map, so that strokes narrower than a cell still
 * show; a cell then tells how the edges within it run on the whole, which does not depend on which side of a stroke is the stronger one.
 */
export function edgesOf(picture: Picture): EdgeMap {
  const { width, height } = gridFor(picture);
  const luma = smallLuma(picture, width * 2, height * 2);
  const { strength, orientation } = cellGradients(luma, width, height);
  return { width, height, cells: strongest(strength, orientation, width, height) };
}

/** Cells that are as square as the picture's shape allows, at least two pixels of it wide and high. */
export function gridFor({ widthPx, heightPx }: Pick<Picture, 'widthPx' | 'heightPx'>): { width: number; height: number } {
  const ideal = Math.sqrt((MOST_CELLS * widthPx) / heightPx);
  const width = clamp(Math.floor(ideal), 1, Math.min(255, widthPx >> 1));
  const height = clamp(Math.floor((width * heightPx) / widthPx), 1, Math.min(255, heightPx >> 1));
  return { width, height };
}

function clamp(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(most, value));
}

/** Strength and bin of the orientation of each cell, by the structure tensor of its four fields. */
function cellGradients(
  luma: SmallLuma,
  width: number,
  height: number,
): { strength: Float32Array; orientation: Uint8Array } {
  const strength = new Float32Array(width * height);
  const orientation = new Uint8Array(width * height);
  const { levels, width: fine, height: fineHeight } = luma;
  const [xx, yy, xy] = [new Float32Array(width), new Float32Array(width), new Float32Array(width)];
  for (let y = 0; y < height; y++) {
    xx.fill(0);
    yy.fill(0);
    xy.fill(0);
    for (let row = 2 * y; row < 2 * y + 2; row++) {
      const above = Math.max(0, row - 1) * fine;
      const here = row * fine;
      const below = Math.min(fineHeight - 1, row + 1) * fine;
      for (let column = 0; column < fine; column++) {
        const left = Math.max(0, column - 1);
        const right = Math.min(fine - 1, column + 1);
        const level = (line: number, at: number): number => levels[line + at] ?? 0;
        const [nw, n, ne] = [level(above, left), level(above, column), level(above, right)];
        const [w, e] = [level(here, left), level(here, right)];
        const [sw, s, se] = [level(below, left), level(below, column), level(below, right)];
        // Sobel's operator, as levels per field.
        const gx = (ne + 2 * e + se - nw - 2 * w - sw) / 8;
        const gy = (sw + 2 * s + se - nw - 2 * n - ne) / 8;
        const cell = column >> 1;
        xx[cell] = (xx[cell] ?? 0) + gx * gx;
        yy[cell] = (yy[cell] ?? 0) + gy * gy;
        xy[cell] = (xy[cell] ?? 0) + gx * gy;
      }
    }
    for (let x = 0; x < width; x++) {
      const [a, b, c] = [xx[x] ?? 0, yy[x] ?? 0, xy[x] ?? 0];
      strength[y * width + x] = Math.sqrt((a + b) / 4);
      // −π to π for half a turn of the edge.
      const angle = Math.atan2(2 * c, a - b);
      orientation[y * width + x] = Math.round((angle / (2 * Math.PI)) * ORIENTATIONS + ORIENTATIONS) % ORIENTATIONS;
    }
  }
  return { strength, orientation };
}

/** The cells that are edges: those of each tile that are stronger than all but a few, and than noise. */
function strongest(strength: Float32Array, orientation: Uint8Array, width: number, height: number): Uint8Array {
  const cells = new Uint8Array(width * height);
  for (let top = 0; top < height; top += TILE) {
    for (let left = 0; left < width; left += TILE) {
      const [bottom, right] = [Math.min(height, top + TILE), Math.min(width, left + TILE)];
      const most = Math.floor((bottom - top) * (right - left) * EDGE_SHARE);
      const all: number[] = [];
      for (let y = top; y < bottom; y++)
        for (let x = left; x < right; x++) {
          const value = strength[y * width + x] ?? 0;
          if (value >= LEAST_GRADIENT) all.push(value);
        }
      const bar = all.length <= most ? 0 : nth(all, most);
      for (let y = top; y < bottom; y++)
        for (let x = left; x < right; x++) {
          const index = y * width + x;
          const value = strength[index] ?? 0;
          // Of equals at the bar none, so that there are never more.
          if (value >= LEAST_GRADIENT && value > bar) cells[index] = 1 + (orientation[index] ?? 0);
        }
    }
  }
  return cells;
}

/** The value with `rank` larger ones. */
function nth(values: number[], rank: number): number {
  return values.sort((a, b) => b - a)[rank] ?? 0;
}
