import sharp from 'sharp';

/** Pixels as RGB, 8 bits, rows without padding. */
interface Rgb {
  widthPx: number;
  heightPx: number;
  data: Uint8Array;
}

/** A picture to be laid over others: colours and how much each pixel covers, 0–1. */
export interface Layer {
  widthPx: number;
  heightPx: number;
  rgb: Uint8Array;
  cover: Float32Array;
}

/** Where and how a layer is laid over a picture. */
interface Placement {
  /** Its corners in the picture, in pixels: left top, right top, right bottom, left bottom. */
  corners: readonly Point[];
  /** 0–1. */
  opacity: number;
}

interface Point {
  x: number;
  y: number;
}

/** Numbers 0–1 that look random and are the same in every run (mulberry32). */
export function chance(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The picture with the layer over it, by its projection onto the corners; each pixel is the mean of 3 × 3 points. */
export function lay(under: Rgb, layer: Layer, { corners, opacity }: Placement): Rgb {
  const data = Uint8Array.from(under.data);
  const back = fromQuad(corners);
  const xs = corners.map(({ x }) => x);
  const ys = corners.map(({ y }) => y);
  const [left, right] = [Math.max(0, Math.floor(Math.min(...xs))), Math.min(under.widthPx, Math.ceil(Math.max(...xs)))];
  const [top, bottom] = [
    Math.max(0, Math.floor(Math.min(...ys))),
    Math.min(under.heightPx, Math.ceil(Math.max(...ys))),
  ];
  for (let y = top; y < bottom; y++)
    for (let x = left; x < right; x++) {
      const sums = [0, 0, 0, 0] as [number, number, number, number];
      for (let sub = 0; sub < 9; sub++)
        add(layer, back(x + ((sub % 3) + 0.5) / 3, y + (Math.floor(sub / 3) + 0.5) / 3), sums);
      const cover = (sums[3] / 9) * opacity;
      if (cover === 0) continue;
      const at = (y * under.widthPx + x) * 3;
      for (let channel = 0; channel < 3; channel++)
        data[at + channel] = Math.round(
          (data[at + channel] ?? 0) * (1 - cover) + ((sums[channel] ?? 0) / sums[3]) * cover,
        );
    }
  return { ...under, data };
}

function add({ widthPx, heightPx, rgb, cover }: Layer, [u, v]: [number, number], sums: number[]): void {
  if (u < 0 || v < 0 || u >= 1 || v >= 1) return;
  const at = Math.floor(v * heightPx) * widthPx + Math.floor(u * widthPx);
  const share = cover[at] ?? 0;
  for (let channel = 0; channel < 3; channel++)
    sums[channel] = (sums[channel] ?? 0) + (rgb[at * 3 + channel] ?? 0) * share;
  sums[3] = (sums[3] ?? 0) + share;
}

/** From a point in the picture to where it lies between the corners, each 0–1 inside (Heckbert 1989). */
function fromQuad(corners: readonly Point[]): (x: number, y: number) => [number, number] {
  const [p0, p1, p2, p3] = corners;
  if (p0 === undefined || p1 === undefined || p2 === undefined || p3 === undefined)
    throw new TypeError(`Expected four corners, received ${corners.length}.`);
  const sx = p0.x - p1.x + p2.x - p3.x;
  const sy = p0.y - p1.y + p2.y - p3.y;
  const [dx1, dy1, dx2, dy2] = [p1.x - p2.x, p1.y - p2.y, p3.x - p2.x, p3.y - p2.y];
  const det = dx1 * dy2 - dx2 * dy1;
  const g = (sx * dy2 - dx2 * sy) / det;
  const h = (dx1 * sy - sx * dy1) / det;
  const [a, b, c] = [p1.x - p0.x + g * p1.x, p3.x - p0.x + h * p3.x, p0.x];
  const [d, e, f] = [p1.y - p0.y + g * p1.y, p3.y - p0.y + h * p3.y, p0.y];
  return (x, y) => {
    const [A, B, C] = [e - f * h, c * h - b, b * f - c * e];
    const [D, E, F] = [f * g - d, a - c * g, c * d - a * f];
    const [G, H, I] = [d * h - e * g, b * g - a * h, a * e - b * d];
    const w = G * x + H * y + I;
    return [(A * x + B * y + C) / w, (D * x + E * y + F) / w];
  };
}

/** Corners of a layer of the size given, turned, with each corner moved by up to `slant` of the shorter side. */
export function corners(
  centre: Point,
  size: { width: number; height: number },
  turnDegrees: number,
  slant: number,
  random: () => number,
): Point[] {
  const [cos, sin] = [Math.cos((turnDegrees * Math.PI) / 180), Math.sin((turnDegrees * Math.PI) / 180)];
  const most = slant * Math.min(size.width, size.height);
  return [
    [-0.5, -0.5],
    [0.5, -0.5],
    [0.5, 0.5],
    [-0.5, 0.5],
  ].map(([u = 0, v = 0]) => {
    const x = u * size.width + (random() * 2 - 1) * most;
    const y = v * size.height + (random() * 2 - 1) * most;
    return { x: centre.x + x * cos - y * sin, y: centre.y + x * sin + y * cos };
  });
}

/** The picture once it has been a JPEG of this quality, 1–100. */
export async function throughJpeg({ widthPx, heightPx, data }: Rgb, quality: number): Promise<Rgb> {
  const raw = { width: widthPx, height: heightPx, channels: 3 } as const;
  const jpeg = await sharp(data, { raw }).jpeg({ quality }).toBuffer();
  return { widthPx, heightPx, data: await sharp(jpeg).raw().toBuffer() };
}
