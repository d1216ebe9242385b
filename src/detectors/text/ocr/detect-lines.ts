import type { Point } from '../text-line.js';
import { normalise, type Channels, type Normalisation } from './channels.js';
import type { OcrNetwork } from './ocr-models.js';
import { PADDLE_RULE, regionsOf } from './regions.js';
import { resize } from './resize.js';
import { cornersOf, type TurnedRectangle } from './turned-rectangle.js';

/** ImageNet's means and deviations, in PaddleOCR's order: it gives them to blue, green and red. */
const IMAGENET: Normalisation = { mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] };

/** The network halves its input five times. */
const MULTIPLE = 32;

/**
 * The longest side that the network sees; lines are read from the picture as it is. PaddleOCR has 960 here. Of 80 lines of the generated set 98 % were found at
 * 800 and 88 % at 640: small writing is lost first. The time goes with the square.
 */
const DETECTION_PX = 800;
/** Small pictures are magnified this much at most: beyond that there is nothing more to see. */
const MOST_MAGNIFIED = 2;

/** Finds lines of writing, in the picture's pixels. */
export async function detectLines(channels: Channels, network: OcrNetwork): Promise<TurnedRectangle[]> {
  const { widthPx, heightPx } = detectionSize(channels);
  const count = widthPx * heightPx;
  const values = channels.of.map((channel) => {
    const out = new Float32Array(count);
    resize(channel, widthPx, heightPx, out);
    return out;
  });
  const planes = new Float32Array(3 * count);
  normalise(values as [Float32Array, Float32Array, Float32Array], count, channels.gains, IMAGENET, planes);
  const map = { widthPx, heightPx, values: await network(planes, heightPx, widthPx) };
  return regionsOf(map, PADDLE_RULE).map((region) =>
    stretched(region, channels.widthPx / widthPx, channels.heightPx / heightPx),
  );
}

/** Size at which the picture goes to the network: multiples of 32, near its own shape. */
export function detectionSize({ widthPx, heightPx }: Pick<Channels, 'widthPx' | 'heightPx'>): {
  widthPx: number;
  heightPx: number;
} {
  const ratio = Math.min(MOST_MAGNIFIED, DETECTION_PX / Math.max(widthPx, heightPx));
  const side = (length: number): number => Math.max(MULTIPLE, Math.round((length * ratio) / MULTIPLE) * MULTIPLE);
  return { widthPx: side(widthPx), heightPx: side(heightPx) };
}

/** From positions in the network's answer, whose pixels lie half a pixel on, to those in the picture; sides that are no longer square become so again. */
function stretched(rectangle: TurnedRectangle, byX: number, byY: number): TurnedRectangle {
  const [a, b, c, d] = cornersOf(rectangle).map(({ x, y }) => ({ x: (x + 0.5) * byX, y: (y + 0.5) * byY })) as [
    Point,
    Point,
    Point,
    Point,
  ];
  const left = { x: (a.x + d.x) / 2, y: (a.y + d.y) / 2 };
  const right = { x: (b.x + c.x) / 2, y: (b.y + c.y) / 2 };
  const width = Math.hypot(right.x - left.x, right.y - left.y);
  return {
    centre: { x: (left.x + right.x) / 2, y: (left.y + right.y) / 2 },
    along: { x: (right.x - left.x) / width, y: (right.y - left.y) / width },
    width,
    height: Math.hypot(d.x - a.x + c.x - b.x, d.y - a.y + c.y - b.y) / 2,
  };
}
