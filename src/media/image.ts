import sharp from 'sharp';
import type { Frame } from '../schema/frame.js';
import { captionPath, GLYPH_HEIGHT } from './pixel-font.js';
import { toRgb } from './rgb.js';

/** Longest side of pictures kept as evidence: large enough for a person to judge, small enough to keep dozens of them. */
export const EVIDENCE_PX = 1280;
const JPEG_QUALITY = 82;

/** A picture as kept and sent. */
export interface Jpeg {
  widthPx: number;
  heightPx: number;
  bytes: Buffer;
}

/** The frame as JPEG, its longest side at most `maxPx`. Reads the frame before it returns: it may be released once this is called and awaited. */
export async function frameToJpeg(frame: Omit<Frame, 'release' | 'sample'>, maxPx = EVIDENCE_PX): Promise<Jpeg> {
  const { widthPx: width, heightPx: height } = frame;
  const { data, info } = await sharp(toRgb(frame), { raw: { width, height, channels: 3 } })
    .resize({ width: maxPx, height: maxPx, fit: 'inside', withoutEnlargement: true })
    .jpeg({ quality: JPEG_QUALITY })
    .toBuffer({ resolveWithObject: true });
  return { widthPx: info.width, heightPx: info.height, bytes: data };
}

/** The picture blurred so that shapes and colours stay and nothing can be made out; size unchanged. */
export async function blurJpeg(jpeg: Uint8Array): Promise<Buffer> {
  const { width, height } = await sharp(jpeg).metadata();
  // Relative to the size: what can be made out does not depend on how many pixels show it.
  const sigma = Math.max(1, Math.max(width, height) / 25);
  return await sharp(jpeg).blur(sigma).jpeg({ quality: JPEG_QUALITY }).toBuffer();
}

/** A picture of a contact sheet. */
export interface SheetEntry {
  jpeg: Uint8Array;
  /** One line under the picture; capitals, digits and `.:%-+/` are drawn, other characters are left blank. */
  caption: string;
}

const TILE_WIDTH = 320;
const TILE_HEIGHT = 180;
const CAPTION_HEIGHT = 28;
const GAP = 8;
const FONT_SCALE = 2;

/** All pictures on one, in rows of `columns`, each with its caption. There must be at least one. */
export async function contactSheet(entries: readonly SheetEntry[], columns = 4): Promise<Buffer> {
  const across = Math.min(columns, entries.length);
  const rows = Math.ceil(entries.length / across);
  const width = across * (TILE_WIDTH + GAP) + GAP;
  const height = rows * (TILE_HEIGHT + CAPTION_HEIGHT + GAP) + GAP;
  const tiles = await Promise.all(
    entries.map(async ({ jpeg }, index) => ({ input: await tile(jpeg), ...placeOf(index, across) })),
  );
  const captions = { input: Buffer.from(captionLayer(entries, across, width, height)), left: 0, top: 0 };
  return await sharp({ create: { width, height, channels: 3, background: '#181818' } })
    .composite([...tiles, captions])
    .jpeg({ quality: JPEG_QUALITY })
    .toBuffer();
}

async function tile(jpeg: Uint8Array): Promise<Buffer> {
  return await sharp(jpeg)
    .resize({ width: TILE_WIDTH, height: TILE_HEIGHT, fit: 'contain', background: '#000' })
    .png()
    .toBuffer();
}

function placeOf(index: number, across: number): { left: number; top: number } {
  return {
    left: GAP + (index % across) * (TILE_WIDTH + GAP),
    top: GAP + Math.floor(index / across) * (TILE_HEIGHT + CAPTION_HEIGHT + GAP),
  };
}

function captionLayer(entries: readonly SheetEntry[], across: number, width: number, height: number): string {
  const paths = entries.map(({ caption }, index) => {
    const { left, top } = placeOf(index, across);
    const y = top + TILE_HEIGHT + (CAPTION_HEIGHT - GLYPH_HEIGHT * FONT_SCALE) / 2;
    return `<path transform="translate(${left},${y}) scale(${FONT_SCALE})" d="${captionPath(caption)}"/>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><g fill="#f0f0f0">${paths.join('')}</g></svg>`;
}
