/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices lie inside by construction, and every pixel of a frame passes here several times */
import type { Grey } from './grey.js';

/** A connected area on one side of a threshold. */
export interface Region {
  /** Pixels. */
  area: number;
  /** Centre of gravity. */
  x: number;
  y: number;
  /** Second moments about it: how far it extends. */
  xx: number;
  xy: number;
  yy: number;
  left: number;
  top: number;
  /** Exclusive. */
  right: number;
  bottom: number;
  /** What its pixels are in the labels that it came with. */
  label: number;
  /** Whether it is the brighter side. */
  bright: boolean;
}

/** Regions of one split of a picture into bright and dark, and which of them each pixel belongs to. */
export interface Segmentation {
  regions: Region[];
  /** By pixel; valid until the next segmentation of the same segmenter. */
  labels: Int32Array;
}

/** Finds connected areas of pictures of one size, with memory that it uses again. */
export class Segmenter {
  readonly #labels: Int32Array;
  readonly #width: number;
  readonly #height: number;
  #runs = 0;
  #starts = new Int32Array(1 << 16);
  #ends = new Int32Array(1 << 16);
  #parents = new Int32Array(1 << 16);
  #sums = new Float64Array(0);

  constructor(widthPx: number, heightPx: number) {
    this.#width = widthPx;
    this.#height = heightPx;
    this.#labels = new Int32Array(widthPx * heightPx);
  }

  /** Connected areas (by edges, not by corners) of equal values, 0 or 1, of at least so many pixels. */
  segment(binary: Uint8Array, leastArea: number): Segmentation {
    const rows = this.#findRuns(binary);
    return { regions: this.#collect(binary, rows, leastArea), labels: this.#labels };
  }

  /** @returns the index of each row's first run, and of the end of the last one. */
  #findRuns(binary: Uint8Array): Int32Array {
    const [width, height] = [this.#width, this.#height];
    const rows = new Int32Array(height + 1);
    this.#runs = 0;
    for (let y = 0; y < height; y++) {
      const above = y === 0 ? 0 : rows[y - 1]!;
      const aboveEnd = (rows[y] = this.#runs);
      this.#reserve(width);
      let run = this.#runs;
      let x = y * width;
      const end = x + width;
      while (x < end) {
        const value = binary[x]!;
        const start = x++;
        while (x < end && binary[x] === value) x++;
        this.#starts[run] = start;
        this.#ends[run] = x;
        this.#parents[run] = run;
        run++;
      }
      this.#runs = run;
      if (y > 0) this.#join(binary, above, aboveEnd, run);
    }
    rows[height] = this.#runs;
    return rows;
  }

  /** Joins the runs of a row, [second, end), with those of equal value in the row above it, [first, second). */
  #join(binary: Uint8Array, first: number, second: number, end: number): void {
    const [starts, ends, width] = [this.#starts, this.#ends, this.#width];
    let above = first;
    let run = second;
    while (above < second && run < end) {
      if (binary[starts[above]!] === binary[starts[run]!]) this.#unite(above, run);
      const aboveStops = ends[above]! + width;
      if (aboveStops < ends[run]!) above++;
      else if (aboveStops > ends[run]!) run++;
      else {
        above++;
        run++;
      }
    }
  }

  #unite(one: number, other: number): void {
    const [a, b] = [this.#root(one), this.#root(other)];
    if (a < b) this.#parents[b] = a;
    else this.#parents[a] = b;
  }

  #root(run: number): number {
    const parents = this.#parents;
    let root = run;
    while (parents[root] !== root) {
      parents[root] = parents[parents[root]!]!;
      root = parents[root]!;
    }
    return root;
  }

  #collect(binary: Uint8Array, rows: Int32Array, leastArea: number): Region[] {
    const FIELDS = 10;
    if (this.#sums.length < this.#runs * FIELDS) this.#sums = new Float64Array(this.#runs * FIELDS * 2);
    const sums = this.#sums.fill(0, 0, this.#runs * FIELDS);
    const roots: number[] = [];
    const [starts, ends, labels, width] = [this.#starts, this.#ends, this.#labels, this.#width];
    for (let y = 0; y < this.#height; y++) {
      for (let run = rows[y]!; run < rows[y + 1]!; run++) {
        const root = this.#root(run);
        labels.fill(root, starts[run], ends[run]);
        const first = starts[run]! - y * width;
        const last = ends[run]! - y * width - 1;
        const n = last - first + 1;
        const sum = ((first + last) * n) / 2;
        const at = root * FIELDS;
        if (sums[at] === 0) {
          roots.push(root);
          sums[at + 6] = first;
          sums[at + 7] = y;
          sums[at + 8] = last;
        }
        sums[at]! += n;
        sums[at + 1]! += sum;
        sums[at + 2]! += y * n;
        sums[at + 3]! += squares(last) - squares(first - 1);
        sums[at + 4]! += sum * y;
        sums[at + 5]! += y * y * n;
        if (first < sums[at + 6]!) sums[at + 6] = first;
        if (last > sums[at + 8]!) sums[at + 8] = last;
        sums[at + 9] = y;
      }
    }
    return roots
      .filter((root) => sums[root * FIELDS]! >= leastArea)
      .map((root) => regionOf(sums, root * FIELDS, root, binary[starts[root]!] === 1));
  }

  /** Makes room for the runs of one more row. */
  #reserve(more: number): void {
    if (this.#runs + more <= this.#starts.length) return;
    const grown = (old: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> => {
      const larger = new Int32Array(old.length * 2 + more);
      larger.set(old);
      return larger;
    };
    this.#starts = grown(this.#starts);
    this.#ends = grown(this.#ends);
    this.#parents = grown(this.#parents);
  }
}

/** 0² + 1² + … + n². */
function squares(n: number): number {
  return (n * (n + 1) * (2 * n + 1)) / 6;
}

function regionOf(sums: Float64Array, at: number, label: number, bright: boolean): Region {
  const area = sums[at]!;
  const x = sums[at + 1]! / area;
  const y = sums[at + 2]! / area;
  return {
    area,
    x,
    y,
    // A pixel is a square, not a point: its own extent is a twelfth.
    xx: sums[at + 3]! / area - x * x + 1 / 12,
    xy: sums[at + 4]! / area - x * y,
    yy: sums[at + 5]! / area - y * y + 1 / 12,
    left: sums[at + 6]!,
    top: sums[at + 7]!,
    right: sums[at + 8]! + 1,
    bottom: sums[at + 9]! + 1,
    label,
    bright,
  };
}

/** 1 where the picture is at least as bright as `level`. */
export function splitAt({ data }: Grey, level: number, out: Uint8Array): Uint8Array {
  for (let at = 0; at < data.length; at++) out[at] = data[at]! >= level ? 1 : 0;
  return out;
}
