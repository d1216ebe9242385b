import type { Picture } from '../preparation/picture.js';
import type { Look } from '../analysers.js';
import { EDGE_SHARE, encodeEdgeMap, MOST_CELLS, ORIENTATIONS, TILE, type EdgeMap } from './edge-map.js';
import { smallLuma, type SmallLuma } from './small-luma.js';

/** Levels per field of the finer grid, of 255: weaker edges are noise. Half the height of a step. */
const LEAST_GRADIENT = 3;

/** The thread part: answers the map as text. */
export function loadEdges(): Look<'edges'> {
  return (picture) => Promise.resolve(encodeEdgeMap(edgesOf(picture)));
}

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
export function gridFor({ widthPx, heightPx }: Pick<Picture, 'widthPx' | 'heightPx'>): {
  width: number;
  height: number;
} {
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
  { levels, width: fine, height: fineHeight }: SmallLuma,
  width: number,
  height: number,
): { strength: Float32Array; orientation: Uint8Array } {
  const strength = new Float32Array(width * height);
  const orientation = new Uint8Array(width * height);
  const [xx, yy, xy] = [new Float32Array(width), new Float32Array(width), new Float32Array(width)];
  for (let y = 0; y < height; y++) {
    xx.fill(0);
    yy.fill(0);
    xy.fill(0);
    // The outermost fields have no neighbours on one side and count as flat.
    for (let row = Math.max(1, 2 * y); row < Math.min(fineHeight - 1, 2 * y + 2); row++) {
      let at = row * fine;
      for (let column = 1; column < fine - 1; column++) {
        at++;
        const nw = levels[at - fine - 1] ?? 0;
        const ne = levels[at - fine + 1] ?? 0;
        const sw = levels[at + fine - 1] ?? 0;
        const se = levels[at + fine + 1] ?? 0;
        // Sobel's operator, as levels per field.
        const gx = (ne + se - nw - sw + 2 * ((levels[at + 1] ?? 0) - (levels[at - 1] ?? 0))) / 8;
        const gy = (sw + se - nw - ne + 2 * ((levels[at + fine] ?? 0) - (levels[at - fine] ?? 0))) / 8;
        const cell = column >> 1;
        xx[cell] = (xx[cell] ?? 0) + gx * gx;
        yy[cell] = (yy[cell] ?? 0) + gy * gy;
        xy[cell] = (xy[cell] ?? 0) + gx * gy;
      }
    }
    for (let x = 0; x < width; x++) {
      const horizontal = xx[x] ?? 0;
      const vertical = yy[x] ?? 0;
      strength[y * width + x] = Math.sqrt((horizontal + vertical) / 4);
      // Twice the gradient's angle, so that opposite gradients are the same.
      const angle = Math.atan2(2 * (xy[x] ?? 0), horizontal - vertical);
      orientation[y * width + x] = Math.round((angle / (2 * Math.PI)) * ORIENTATIONS + ORIENTATIONS) % ORIENTATIONS;
    }
  }
  return { strength, orientation };
}

/** The cells that are edges: those of each tile that are stronger than all but a few, and than noise. */
function strongest(strength: Float32Array, orientation: Uint8Array, width: number, height: number): Uint8Array {
  const cells = new Uint8Array(width * height);
  const sorted = new Float32Array(TILE * TILE);
  for (let top = 0; top < height; top += TILE) {
    for (let left = 0; left < width; left += TILE) {
      const [bottom, right] = [Math.min(height, top + TILE), Math.min(width, left + TILE)];
      let count = 0;
      for (let y = top; y < bottom; y++)
        for (let x = left; x < right; x++) sorted[count++] = strength[y * width + x] ?? 0;
      const most = Math.floor(count * EDGE_SHARE);
      // Of equals at the bar none, so that there are never more.
      const bar = sorted.subarray(0, count).sort()[count - 1 - most] ?? 0;
      for (let y = top; y < bottom; y++)
        for (let x = left; x < right; x++) {
          const index = y * width + x;
          const value = strength[index] ?? 0;
          if (value >= LEAST_GRADIENT && value > bar) cells[index] = 1 + (orientation[index] ?? 0);
        }
    }
  }
  return cells;
}
