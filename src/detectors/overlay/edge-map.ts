/**
 * Where a picture has edges and which way they run, on a coarse grid over the whole picture.
 * Small enough to be kept of every sample: 4 KB as text at most.
 */
export interface EdgeMap {
  /** Cells, 1–255. */
  width: number;
  /** Cells, 1–255. */
  height: number;
  /** Row by row: 0 where there is no edge, else 1 + the bin of its orientation, 1 to `ORIENTATIONS`. */
  cells: Uint8Array;
}

/** Bins of an edge's orientation, which is the same whichever of its sides is the brighter one: 22.5° each, the first around the horizontal gradient. */
export const ORIENTATIONS = 8;
/** Orientation of edges whose left and right differ, and of those whose upper and lower side do. */
export const LEVEL_GRADIENT = 1;
export const UPRIGHT_GRADIENT = 1 + ORIENTATIONS / 2;
/** Cells of a map at most, whatever the shape of the picture: 160 × 90 of one that is 16:9. */
export const MOST_CELLS = 14_400;
/**
 * Of a square of `TILE` × `TILE` cells at most this share are edges, the strongest: this bounds the size of the text. A mark is seldom larger than
 * a quarter of such a square, so that all of its edges find room there beside those of the picture.
 */
export const TILE = 20;
export const EDGE_SHARE = 0.22;

/** Version of the layout, the first byte. */
const LAYOUT = 1;
const HEADER_BYTES = 3;
const ORIENTATION_BITS = 3;

/** The map as base64: layout, width and height, one bit for each cell, and three bits for each that is an edge. */
export function encodeEdgeMap({ width, height, cells }: EdgeMap): string {
  const edges = cells.reduce((sum, cell) => sum + (cell === 0 ? 0 : 1), 0);
  const bitmapBytes = Math.ceil(cells.length / 8);
  const bytes = Buffer.alloc(HEADER_BYTES + bitmapBytes + Math.ceil((edges * ORIENTATION_BITS) / 8));
  bytes.set([LAYOUT, width, height]);
  let bit = (HEADER_BYTES + bitmapBytes) * 8;
  const set = (at: number): void => {
    bytes[at >> 3] = (bytes[at >> 3] ?? 0) | (0x80 >> (at & 7));
  };
  cells.forEach((cell, index) => {
    if (cell === 0) return;
    set(HEADER_BYTES * 8 + index);
    for (let mask = 1 << (ORIENTATION_BITS - 1); mask > 0; mask >>= 1, bit++) if (((cell - 1) & mask) !== 0) set(bit);
  });
  return bytes.toString('base64');
}

/** The map that this text stands for; `null` when it is none, as of an earlier or later layout. */
export function decodeEdgeMap(text: string): EdgeMap | null {
  const bytes = Buffer.from(text, 'base64');
  const [layout, width = 0, height = 0] = bytes;
  const count = width * height;
  const start = (HEADER_BYTES + Math.ceil(count / 8)) * 8;
  if (layout !== LAYOUT || count === 0 || bytes.length * 8 < start) return null;
  const isSet = (at: number): boolean => ((bytes[at >> 3] ?? 0) & (0x80 >> (at & 7))) !== 0;
  const cells = new Uint8Array(count);
  let bit = start;
  for (let index = 0; index < count; index++) {
    if (!isSet(HEADER_BYTES * 8 + index)) continue;
    let bin = 0;
    for (let rest = 0; rest < ORIENTATION_BITS; rest++, bit++) bin = bin * 2 + (isSet(bit) ? 1 : 0);
    cells[index] = bin + 1;
  }
  return bit > bytes.length * 8 ? null : { width, height, cells };
}
