/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices lie inside by construction, and a check for each pixel would cost a fifth of the speed */
import type { Point } from '../text-line.js';
import { cornersOf, levelled, smallestRectangle, type TurnedRectangle } from './turned-rectangle.js';

/** What the detecting network says of a picture: for each pixel how probable it is that writing runs through it, 0–1. */
export interface TextMap {
  widthPx: number;
  heightPx: number;
  values: Float32Array;
}

/** Numbers of DB post-processing. */
export interface RegionRule {
  /** A pixel from here on belongs to writing. */
  pixelFrom: number;
  /** Regions with a mean from here on are kept. */
  regionFrom: number;
  /** The network is taught shrunken lines: they grow again by area × this ÷ circumference, on all sides. */
  growth: number;
  /** Regions whose shorter side is less, in pixels of the map, are dropped. */
  smallestPx: number;
}

/** As PaddleOCR's inference for PP-OCRv4 has it (tools/infer/utility.py; `min_size` of ppocr/postprocess/db_postprocess.py). */
export const PADDLE_RULE: RegionRule = { pixelFrom: 0.3, regionFrom: 0.6, growth: 1.5, smallestPx: 3 };

/** Lines of writing in a map, in its pixels, from top to bottom. */
export function regionsOf(map: TextMap, rule: RegionRule): TurnedRectangle[] {
  const regions: TurnedRectangle[] = [];
  for (const outline of outlinesOf(map, rule.pixelFrom)) {
    const rectangle = smallestRectangle(outline);
    if (rectangle === null || Math.min(rectangle.width, rectangle.height) < rule.smallestPx) continue;
    if (meanInside(map, rectangle) < rule.regionFrom) continue;
    const { centre, along, width, height } = rectangle;
    const distance = (width * height * rule.growth) / (2 * (width + height));
    const grown = { centre, along, width: width + 2 * distance, height: height + 2 * distance };
    if (Math.min(grown.width, grown.height) < rule.smallestPx + 2) continue;
    regions.push(levelled(grown));
  }
  return regions.sort((a, b) => a.centre.y - b.centre.y || a.centre.x - b.centre.x);
}

/** For each connected set of pixels from the threshold on (eight neighbours) the ends of its runs, which have the hull of all of it. */
function outlinesOf({ widthPx, heightPx, values }: TextMap, from: number): Point[][] {
  const seen = new Uint8Array(values.length);
  const outlines: Point[][] = [];
  for (let start = 0; start < values.length; start++) {
    if (seen[start] === 1 || values[start]! <= from) continue;
    outlines.push(outline(start));
  }
  return outlines;

  function outline(start: number): Point[] {
    const points: Point[] = [];
    const waiting = [start];
    seen[start] = 1;
    for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
      const x = at % widthPx;
      const y = (at - x) / widthPx;
      let inside = 0;
      for (let dy = -1; dy <= 1; dy++)
        for (let dx = -1; dx <= 1; dx++) {
          if (x + dx < 0 || x + dx >= widthPx || y + dy < 0 || y + dy >= heightPx) continue;
          const next = at + dy * widthPx + dx;
          if (values[next]! <= from) continue;
          inside++;
          if (seen[next] === 1) continue;
          seen[next] = 1;
          waiting.push(next);
        }
      if (inside < 9) points.push({ x, y });
    }
    return points;
  }
}

function meanInside({ widthPx, heightPx, values }: TextMap, rectangle: TurnedRectangle): number {
  const { centre, along, width, height } = rectangle;
  const corners = cornersOf(rectangle);
  const range = (positions: number[], length: number): [number, number] => [
    Math.max(0, Math.floor(Math.min(...positions))),
    Math.min(length - 1, Math.ceil(Math.max(...positions))),
  ];
  const [left, right] = range(
    corners.map(({ x }) => x),
    widthPx,
  );
  const [top, bottom] = range(
    corners.map(({ y }) => y),
    heightPx,
  );
  let sum = 0;
  let count = 0;
  for (let y = top; y <= bottom; y++)
    for (let x = left; x <= right; x++) {
      const [toX, toY] = [x - centre.x, y - centre.y];
      if (Math.abs(toX * along.x + toY * along.y) > width / 2 + 0.5) continue;
      if (Math.abs(toY * along.x - toX * along.y) > height / 2 + 0.5) continue;
      sum += values[y * widthPx + x]!;
      count++;
    }
  return count === 0 ? 0 : sum / count;
}
