import { createRequire } from 'node:module';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import type { BankImage } from '../../src/banks/image-bank.js';
import type { Layer } from './overlay.js';

/** Longest side of a mark before it is laid over a frame. */
const MARK_PX = 512;

/** A mark of simple-icons. */
export interface Mark {
  slug: string;
  /** How much each pixel covers. */
  cover: Float32Array;
  /** The square that it is drawn in. */
  sidePx: number;
  /** Its own rectangle in that square. */
  box: { left: number; top: number; width: number; height: number };
  /** As a bank holds it. */
  image: BankImage;
}

/** So many marks, evenly spread over the alphabet: nobody chose them. */
export async function marks(count: number): Promise<Mark[]> {
  const require = createRequire(join(process.cwd(), 'package.json'));
  const folder = join(dirname(require.resolve('simple-icons')), 'icons');
  const files = (await readdir(folder)).sort();
  const step = Math.floor(files.length / count);
  const chosen = files.filter((_, index) => index % step === 0).slice(0, count);
  return Promise.all(chosen.map((file) => mark(join(folder, file), file.slice(0, -4))));
}

async function mark(path: string, slug: string): Promise<Mark> {
  const png = await sharp(await readFile(path), { density: 72 * (MARK_PX / 24) })
    .resize(MARK_PX, MARK_PX)
    .png()
    .toBuffer();
  const rgba = await sharp(png).ensureAlpha().raw().toBuffer();
  const cover = Float32Array.from({ length: MARK_PX * MARK_PX }, (_, at) => (rgba[at * 4 + 3] ?? 0) / 255);
  return { slug, cover, sidePx: MARK_PX, box: boundsOf(cover), image: { name: slug, png } };
}

function boundsOf(cover: Float32Array): Mark['box'] {
  let [left, top, right, bottom] = [MARK_PX, MARK_PX, 0, 0];
  cover.forEach((share, at) => {
    if (share < 0.5) return;
    const [x, y] = [at % MARK_PX, Math.floor(at / MARK_PX)];
    left = Math.min(left, x);
    top = Math.min(top, y);
    right = Math.max(right, x + 1);
    bottom = Math.max(bottom, y + 1);
  });
  return { left, top, width: right - left, height: bottom - top };
}

/** The mark in one colour. */
export function tinted({ cover, sidePx }: Mark, [red, green, blue]: readonly [number, number, number]): Layer {
  const rgb = new Uint8Array(sidePx * sidePx * 3);
  for (let at = 0; at < rgb.length; at += 3) rgb.set([red, green, blue], at);
  return { widthPx: sidePx, heightPx: sidePx, rgb, cover };
}
