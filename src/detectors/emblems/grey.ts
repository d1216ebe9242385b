/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices lie inside by construction, and every pixel of a frame passes here */
import type { Picture } from '../preparation/picture.js';

/** Brightness alone, 8 bits a pixel, rows without padding. */
export interface Grey {
  widthPx: number;
  heightPx: number;
  data: Uint8Array;
}

/** The brightness of a picture, its longest side at most `maxPx`: shrunk by averaging areas, never enlarged. Video ranges stay as they are: only differences count. */
export function greyOf(picture: Picture, maxPx: number): Grey {
  const { widthPx, heightPx, format, data } = picture;
  const luma = format === 'rgb24' ? lumaOf(data, widthPx * heightPx) : data.subarray(0, widthPx * heightPx);
  return shrink({ widthPx, heightPx, data: luma }, maxPx);
}

/** @returns the picture itself where it is small enough. */
export function shrink(grey: Grey, maxPx: number): Grey {
  const { widthPx, heightPx, data } = grey;
  const factor = Math.max(widthPx, heightPx) / maxPx;
  if (factor <= 1) return grey;
  const width = Math.max(1, Math.round(widthPx / factor));
  const height = Math.max(1, Math.round(heightPx / factor));
  const across = spans(widthPx, width);
  const down = spans(heightPx, height);
  const out = new Uint8Array(width * height);
  const row = new Float32Array(widthPx);
  for (let y = 0; y < height; y++) {
    row.fill(0);
    const { first, last, head, tail } = down[y]!;
    for (let from = first; from <= last; from++) {
      const share = from === first ? head : from === last ? tail : 1;
      const start = from * widthPx;
      for (let x = 0; x < widthPx; x++) row[x]! += data[start + x]! * share;
    }
    const area = (widthPx / width) * (heightPx / height);
    for (let x = 0; x < width; x++) {
      const span = across[x]!;
      let sum = row[span.first]! * span.head;
      for (let from = span.first + 1; from < span.last; from++) sum += row[from]!;
      if (span.last > span.first) sum += row[span.last]! * span.tail;
      out[y * width + x] = Math.round(sum / area);
    }
  }
  return { widthPx: width, heightPx: height, data: out };
}

/** With an even border of a tenth of its longest side, so that nothing in it touches the edge. */
export function withBorder({ widthPx, heightPx, data }: Grey, brightness: number): Grey {
  const border = 2 + Math.ceil(Math.max(widthPx, heightPx) * 0.1);
  const wide = { widthPx: widthPx + 2 * border, heightPx: heightPx + 2 * border };
  const padded = new Uint8Array(wide.widthPx * wide.heightPx).fill(brightness);
  for (let y = 0; y < heightPx; y++)
    padded.set(data.subarray(y * widthPx, (y + 1) * widthPx), (y + border) * wide.widthPx + border);
  return { ...wide, data: padded };
}

/** Pixels that one target pixel covers along an axis, and the shares of the first and the last of them. */
interface Span {
  first: number;
  last: number;
  head: number;
  tail: number;
}

function spans(from: number, to: number): Span[] {
  const step = from / to;
  return Array.from({ length: to }, (_, index) => {
    const start = index * step;
    const end = Math.min(from, start + step);
    const first = Math.floor(start);
    const last = Math.min(from - 1, Math.ceil(end) - 1);
    return { first, last, head: Math.min(end, first + 1) - start, tail: end - last };
  });
}

function lumaOf(rgb: Uint8Array, pixels: number): Uint8Array {
  const luma = new Uint8Array(pixels);
  for (let at = 0, from = 0; at < pixels; at++, from += 3)
    luma[at] = (77 * rgb[from]! + 150 * rgb[from + 1]! + 29 * rgb[from + 2]!) >> 8;
  return luma;
}
