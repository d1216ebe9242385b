/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices lie inside by construction */
import type { BankImage } from '../../banks/image-bank.js';
import { readRgba } from '../../media/image.js';
import { withBorder, type Grey } from './grey.js';

/** Longest side, in pixels, of the pictures that frames are searched for. */
const TEMPLATE_PX = 256;

/** The pictures of a task's banks by brightness, in memory that all threads share. */
export interface Templates {
  /** Width and height of each. */
  sizes: Int32Array;
  /** Their pixels, one after the other. */
  pixels: Uint8Array;
}

/** Decodes pictures of banks; what is transparent lies on white or on black, whichever is further from the rest. */
export async function packTemplates(images: readonly BankImage[]): Promise<Templates> {
  const greys: Grey[] = [];
  for (const { png } of images) greys.push(greyOfRgba(await readRgba(png, TEMPLATE_PX)));
  const pixels = new Uint8Array(new SharedArrayBuffer(greys.reduce((sum, { data }) => sum + data.length, 0)));
  const sizes = new Int32Array(new SharedArrayBuffer(greys.length * 8));
  let at = 0;
  greys.forEach(({ widthPx, heightPx, data }, index) => {
    sizes.set([widthPx, heightPx], index * 2);
    pixels.set(data, at);
    at += data.length;
  });
  return { sizes, pixels };
}

/** The pictures again, as views of the same memory. */
export function unpackTemplates({ sizes, pixels }: Templates): Grey[] {
  let at = 0;
  return Array.from({ length: sizes.length / 2 }, (_, index) => {
    const [widthPx, heightPx] = [sizes[index * 2]!, sizes[index * 2 + 1]!];
    const data = pixels.subarray(at, at + widthPx * heightPx);
    at += data.length;
    return { widthPx, heightPx, data };
  });
}

/** Brightness of a picture with alpha. */
function greyOfRgba({ widthPx, heightPx, data }: Grey): Grey {
  const count = widthPx * heightPx;
  const luma = Uint8Array.from({ length: count }, (_, at) =>
    Math.round((77 * data[at * 4]! + 150 * data[at * 4 + 1]! + 29 * data[at * 4 + 2]!) / 256),
  );
  let [sum, cover] = [0, 0];
  for (let at = 0; at < count; at++) {
    sum += luma[at]! * data[at * 4 + 3]!;
    cover += data[at * 4 + 3]!;
  }
  const opaque = { widthPx, heightPx, data: luma };
  if (cover === count * 255) return opaque;
  const ground = sum / Math.max(1, cover) < 128 ? 255 : 0;
  for (let at = 0; at < count; at++) {
    const alpha = data[at * 4 + 3]! / 255;
    luma[at] = Math.round(luma[at]! * alpha + ground * (1 - alpha));
  }
  return withBorder(opaque, ground);
}
