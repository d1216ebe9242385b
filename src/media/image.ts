import type { Frame } from '../schema/frame.js';
import { captionPath, GLYPH_HEIGHT } from './pixel-font.js';
import { toRgb } from './rgb.js';

/** Longest side of pictures kept as evidence: large enough for a person to judge, small enough to keep dozens of them. */
export const EVIDENCE_PX = 1280;
const JPEG_QUALITY = 82;

/** Loading it takes a tenth of a second: it waits for the first picture, long after start-up. */
const loadSharp = async () => (await import('sharp')).default;

/** IMM's limit on the pixels of one picture: more is refused before it is decoded, whatever it unpacks to. */
export const MOST_PIXELS = 250_000_000;
/** A file that is cut off fails: what it does not show cannot be judged. Mere warnings do not count. */
const OPENING = { limitInputPixels: MOST_PIXELS, failOn: 'error', sequentialRead: true } as const;

/** A picture as kept and sent. */
export interface Jpeg {
  widthPx: number;
  heightPx: number;
  bytes: Buffer;
}

/** The frame as JPEG, its longest side at most `maxPx`. Reads the frame before it returns: it may be released once this is called and awaited. */
export async function frameToJpeg(frame: Omit<Frame, 'release' | 'sample'>, maxPx = EVIDENCE_PX): Promise<Jpeg> {
  const { widthPx: width, heightPx: height } = frame;
  const sharp = await loadSharp();
  const { data, info } = await sharp(toRgb(frame), { raw: { width, height, channels: 3 } })
    .resize({ width: maxPx, height: maxPx, fit: 'inside', withoutEnlargement: true })
    .jpeg({ quality: JPEG_QUALITY })
    .toBuffer({ resolveWithObject: true });
  return { widthPx: info.width, heightPx: info.height, bytes: data };
}

/** The picture blurred so that shapes and colours stay and nothing can be made out; size unchanged. */
export async function blurJpeg(jpeg: Uint8Array): Promise<Buffer> {
  const sharp = await loadSharp();
  const { width, height } = await sharp(jpeg).metadata();
  // Relative to the size: what can be made out does not depend on how many pixels show it.
  const sigma = Math.max(1, Math.max(width, height) / 25);
  return await sharp(jpeg).blur(sigma).jpeg({ quality: JPEG_QUALITY }).toBuffer();
}

/** What a file says of itself. */
export interface ImageHeader {
  /** sharp's name, for example `jpeg`. */
  format: string;
  /** As stored: before rotation; of one picture where there are several. */
  widthPx: number;
  heightPx: number;
  /** Pictures of an animation; else 1. */
  pages: number;
  /** Whether its EXIF orientation turns it by a quarter. */
  isTurned: boolean;
}

/** Reads the head of an image file; nothing of it is decoded. Throws what libvips says of a file that is none. */
export async function readImageHeader(path: string): Promise<ImageHeader> {
  const sharp = await loadSharp();
  const {
    format,
    width,
    height,
    pages = 1,
    pageHeight = height,
    orientation = 1,
  } = await sharp(path, OPENING).metadata();
  return { format, widthPx: width, heightPx: pageHeight, pages, isTurned: orientation >= 5 };
}

/** Which part of an image is wanted. */
export interface ImagePart {
  /** Which picture of an animation. */
  page: number;
  /** As displayed; absent: all of it. */
  region?: { left: number; top: number; width: number; height: number };
  /** The longest side that it is shrunk to. */
  maxPx: number;
}

/** Pixels as 8-bit RGB, rows without padding: turned as displayed, in sRGB, what is transparent over white. */
export async function readImagePixels(
  path: string,
  { page, region, maxPx }: ImagePart,
): Promise<{ widthPx: number; heightPx: number; data: Buffer }> {
  const sharp = await loadSharp();
  const whole = sharp(path, { ...OPENING, page, pages: 1 }).autoOrient();
  const part = region === undefined ? whole : whole.extract(region);
  const { data, info } = await part
    .resize({ width: maxPx, height: maxPx, fit: 'inside', withoutEnlargement: true })
    .flatten({ background: '#fff' })
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  return { widthPx: info.width, heightPx: info.height, data };
}

/** Longest side of the pictures that frames are searched for; drawings are drawn as large as that. */
const MARK_PX = 512;
/** Pixels an inch at which sharp draws an SVG in its own size. */
const SVG_DENSITY = 72;
const MOST_SVG_DENSITY = 2400;

/** The first picture of a file as PNG with its transparency, turned as displayed, in sRGB, its longest side at most 512 pixels. Throws what libvips says of a file that is none. */
export async function readMark(path: string): Promise<Buffer> {
  const sharp = await loadSharp();
  const { format, width, height } = await sharp(path, OPENING).metadata();
  const scale = MARK_PX / Math.max(width, height);
  const density = format === 'svg' ? Math.min(MOST_SVG_DENSITY, Math.max(1, SVG_DENSITY * scale)) : SVG_DENSITY;
  return await sharp(path, { ...OPENING, density })
    .autoOrient()
    .resize({ width: MARK_PX, height: MARK_PX, fit: 'inside', withoutEnlargement: true })
    .toColourspace('srgb')
    .png()
    .toBuffer();
}

/** Pixels of a picture in memory as red, green, blue and alpha, 8 bits each, its longest side at most `maxPx`. Throws what libvips says of bytes that are none. */
export async function readRgba(
  bytes: Uint8Array,
  maxPx: number,
): Promise<{ widthPx: number; heightPx: number; data: Buffer }> {
  const sharp = await loadSharp();
  const { data, info } = await sharp(bytes, OPENING)
    .resize({ width: maxPx, height: maxPx, fit: 'inside', withoutEnlargement: true })
    .toColourspace('srgb')
    .ensureAlpha()
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  return { widthPx: info.width, heightPx: info.height, data };
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
  const sharp = await loadSharp();
  return await sharp({ create: { width, height, channels: 3, background: '#181818' } })
    .composite([...tiles, captions])
    .jpeg({ quality: JPEG_QUALITY })
    .toBuffer();
}

async function tile(jpeg: Uint8Array): Promise<Buffer> {
  const sharp = await loadSharp();
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
