import type { Frame } from '../../src/schema/frame.js';
import type { Box } from '../../src/schema/observation.js';

/** Levels of brightness by which a pixel differs between two clips, on the average of their frames, when something lies over it in one of them. */
const DIFFERS = 24;

/** The box of the pixels that differ between a clip and the same with something laid over it: frames of the same instants. */
export function trueBox(plain: readonly Frame[], overlaid: readonly Frame[]): Box {
  const [first] = plain;
  if (first === undefined) throw new Error('Expected frames.');
  const { widthPx, heightPx } = first;
  const sums = new Uint32Array(widthPx * heightPx);
  const frames = Math.min(plain.length, overlaid.length);
  for (let index = 0; index < frames; index++) {
    const [a, b] = [plain[index]?.data, overlaid[index]?.data];
    if (a === undefined || b === undefined) continue;
    for (let at = 0; at < sums.length; at++) sums[at] = (sums[at] ?? 0) + Math.abs((a[at] ?? 0) - (b[at] ?? 0));
  }
  const box = { left: widthPx, top: heightPx, right: 0, bottom: 0 };
  for (let y = 0; y < heightPx; y++)
    for (let x = 0; x < widthPx; x++) {
      if ((sums[y * widthPx + x] ?? 0) < DIFFERS * frames) continue;
      box.left = Math.min(box.left, x);
      box.top = Math.min(box.top, y);
      box.right = Math.max(box.right, x + 1);
      box.bottom = Math.max(box.bottom, y + 1);
    }
  const { left, top, right, bottom } = box;
  return {
    x: left / widthPx,
    y: top / heightPx,
    width: (right - left) / widthPx,
    height: (bottom - top) / heightPx,
  };
}

/** The part that two boxes share, of the area that they cover together: 0–1. */
export function intersectionOverUnion(a: Box, b: Box): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  if (width <= 0 || height <= 0) return 0;
  return (width * height) / (a.width * a.height + b.width * b.height - width * height);
}
