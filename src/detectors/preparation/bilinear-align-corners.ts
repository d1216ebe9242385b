import { yuvTables } from './colour.js';
import { kernel, memory, places, VECTOR } from './kernel.js';
import { chromaShift, planes, type Picture } from './picture.js';

const SIZE = 224;
const ROW = SIZE * 3;

/** Rows of the result made from one piece of a picture, which stays in the fastest caches of a core meanwhile; SIZE is a multiple of it. */
const TOGETHER = 16;

const { bilinear } = kernel('bilinear') as {
  bilinear: (
    ...args: [
      ...[plane: number, rowBytes: number, planeU: number, planeV: number, chromaBytes: number, shift: number],
      ...[across: number, down: number, tables: number, rows: number, out: number, from: number, to: number],
    ]
  ) => void;
};

/** Where along one axis each output position lies: between `first` and `second`. */
interface Taps {
  first: Int32Array;
  second: Int32Array;
  /** Both, and how much of the way from one to the other, as the kernel takes them. */
  table: Uint8Array;
}

/** Rows of bytes in a picture, of which each stands for 2^`shift` rows of pixels. */
interface Rows {
  offset: number;
  rowBytes: number;
  shift: number;
}

/**
 * The frame as nsfwjs prepares it: values 0–1, `tf.image.resizeBilinear(…, [224, 224], alignCorners = true)`, RGB, NHWC.
 * Corners meet corners, and nothing is averaged when it shrinks: four pixels make one, so only those are converted.
 */
export function bilinearAlignCorners(picture: Picture, out: Float32Array): void {
  const across = tapsOf(picture.widthPx);
  const down = tapsOf(picture.heightPx);
  const tables = picture.format === 'rgb24' ? new Uint8Array() : yuvTables(picture.colour, picture.format).bytes;
  const rows = rowsOf(picture);
  const pieces = piecesOf(down);
  const mostRows = Math.max(...pieces.map(({ first, end }) => end - first));
  const [acrossAt, downAt, tablesAt, rowsAt, made, ...piecesAt] = places([
    ...[across.table.length, down.table.length, tables.length, 2 * ROW * 8, out.byteLength],
    ...rows.map(({ rowBytes, shift }) => ((mostRows >> shift) + 2) * rowBytes + VECTOR),
  ]) as [number, number, number, number, number, ...number[]];
  const bytes = new Uint8Array(memory.buffer);
  bytes.set(across.table, acrossAt);
  bytes.set(down.table, downAt);
  bytes.set(tables, tablesAt);
  const shift = rows[1]?.shift ?? -1;
  for (const { first, end, from, to } of pieces) {
    const [plane = 0, planeU = 0, planeV = 0] = rows.map((plane, index) =>
      copyRows(bytes, picture.data, plane, first, end, piecesAt[index] ?? 0),
    );
    const [{ rowBytes }, { rowBytes: chromaBytes } = { rowBytes: 0 }] = rows;
    bilinear(
      ...([plane, rowBytes, planeU, planeV, chromaBytes, shift] as const),
      ...([acrossAt, downAt, tablesAt, rowsAt, made, from, to] as const),
    );
  }
  out.set(new Float32Array(memory.buffer, made, out.length));
}

function rowsOf(picture: Picture): [Rows, ...Rows[]] {
  const { widthPx, format } = picture;
  if (format === 'rgb24') return [{ offset: 0, rowBytes: 3 * widthPx, shift: 0 }];
  const shift = chromaShift(format);
  const [, ...chroma] = planes(picture, shift);
  return [
    { offset: 0, rowBytes: widthPx, shift: 0 },
    ...chroma.map((plane) => ({ offset: plane.offset, rowBytes: plane.widthPx, shift })),
  ];
}

/** Copies the rows that hold those of pixels [first, end) to a place in the kernel's memory; answers where the first row of all would lie then. */
function copyRows(
  bytes: Uint8Array,
  data: Uint8Array,
  { offset, rowBytes, shift }: Rows,
  first: number,
  end: number,
  place: number,
): number {
  const [start, stop] = [first >> shift, ((end - 1) >> shift) + 1];
  bytes.set(data.subarray(offset + start * rowBytes, offset + stop * rowBytes), place);
  return place - start * rowBytes;
}

/** Rows [from, to) of the result, and those of the picture that they are made from: [first, end). */
function piecesOf({ first, second }: Taps): { from: number; to: number; first: number; end: number }[] {
  return Array.from({ length: SIZE / TOGETHER }, (_, index) => {
    const [from, to] = [index * TOGETHER, (index + 1) * TOGETHER];
    return { from, to, first: first[from] ?? 0, end: (second[to - 1] ?? 0) + 1 };
  });
}

const cache = new Map<number, Taps>();
/** Lengths that a thread remembers: as many as videos of different sizes may be classified at once. */
const CACHE_LIMIT = 64;

function tapsOf(length: number): Taps {
  const known = cache.get(length);
  if (known !== undefined) return known;
  if (cache.size >= CACHE_LIMIT) cache.clear();
  const computed = taps(length);
  cache.set(length, computed);
  return computed;
}

function taps(length: number): Taps {
  // Floats of 32 bits, as the reference has it: in 64 bits the last position could fall just short of the last pixel.
  const step = Math.fround((length - 1) / (SIZE - 1));
  const positions = Float32Array.from({ length: SIZE }, (_, index) => step * index);
  const table = new Uint8Array(SIZE * 16);
  const first = new Int32Array(table.buffer, 0, SIZE);
  const second = new Int32Array(table.buffer, 4 * SIZE, SIZE);
  const share = new Float64Array(table.buffer, 8 * SIZE, SIZE);
  positions.forEach((position, index) => {
    first[index] = Math.min(Math.floor(position), length - 1);
    second[index] = Math.min(Math.ceil(position), length - 1);
    share[index] = position - Math.min(Math.floor(position), length - 1);
  });
  return { first, second, table };
}
